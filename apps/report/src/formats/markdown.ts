import { blockTitle } from '../plots';
import type { Report, Section } from '../report';
import { correction } from '../significance';
import { chosenText, columnsOf, differenceText, hasSearches, pText, scoreText, seedsText } from './cells';
import { createdText, notes } from './notes';

/** A Markdown table whose columns line up as plain text too. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const safe = [head, ...rows].map((row) => row.map((cell) => cell.replace(/\|/g, '\\|')));
  const widths = head.map((_, i) => Math.max(3, ...safe.map((row) => [...(row[i] as string)].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell + ' '.repeat((widths[i] as number) - [...cell].length)).join(' | ')} |`;
  const [first, ...rest] = safe as [string[], ...string[][]];
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

/** The table of scores of one data set and network. */
export function scoresTable(section: Section): string {
  const searches = hasSearches(section);
  const head = [
    'Loss',
    ...columnsOf(section).map(({ title }) => title),
    ...(searches ? ['Chosen'] : []),
    'Seeds',
  ];
  return markdownTable(
    head,
    section.rows.map((row) => [
      row.label,
      ...columnsOf(section).map(({ score }) => {
        const summary = row.scores[score];
        const text = scoreText(summary, section.intervals);
        return summary?.best ? `**${text}**` : text;
      }),
      ...(searches ? [chosenText(row) ?? ''] : []),
      seedsText(row),
    ]),
  );
}

function testsTable({ comparisons }: Section): string {
  return markdownTable(
    ['Score', 'Losses', 'Seeds', 'Difference', `t-test p (${correction})`, `Signed-rank p (${correction})`],
    comparisons.map((comparison) => [
      comparison.score === 'ece' ? 'ECE' : 'Accuracy',
      `${comparison.first} – ${comparison.second}`,
      String(comparison.seeds),
      differenceText(comparison.difference),
      `${pText(comparison.tTest)} (${pText(comparison.tTestAdjusted)})`,
      `${pText(comparison.wilcoxon)} (${pText(comparison.wilcoxonAdjusted)})`,
    ]),
  );
}

/** The whole report as Markdown; pictures are links into `plots/`. */
export function markdownReport(report: Report): string {
  const picture = ({ title, file }: { title: string; file: string }) => `![${title}](plots/${file})`;
  return `${[
    `# Label relaxation study: ${report.experiment}`,
    `Made ${createdText(report)} from [${report.experimentUrl}](${report.experimentUrl}).`,
    ...report.sections.flatMap((section) => [
      `## ${blockTitle(section)}`,
      scoresTable(section),
      ...(section.comparisons.length > 0 ? ['### Paired tests', testsTable(section)] : []),
      ...section.plots.map(picture),
    ]),
    ...(report.alphaPlots.length > 0 ? ['## ECE over the parameter', ...report.alphaPlots.map(picture)] : []),
    '## Notes',
    notes(report)
      .map((line) => `- ${line}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}
