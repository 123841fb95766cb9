import { blockTitle } from '../plots';
import type { Report, Section } from '../report';
import type { Row, Summary } from '../table';
import { chosenText, columnsOf, columnTitle, hasSearches, scoreCell, scoreText } from './cells';
import { notes } from './notes';
import { writeSeeds } from '../seeds';

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '–': '--',
  '−': '$-$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
};

/** Text with LaTeX's special characters escaped and Greek letters in math mode. */
export function latexText(text: string): string {
  return text.replace(/[\\~^±–−αβγ]|[&%$#_{}]/g, (character) => special[character] ?? `\\${character}`);
}

function cell(summary: Summary | null, intervals: boolean): string {
  if (summary === null || summary.mean === null) return latexText(scoreText(summary, intervals));
  const { mean, deviation, interval, remark } = scoreCell(summary, intervals);
  const spread = deviation === null ? (interval ?? '') : `\\pm ${deviation}`;
  const content = `${mean} ${spread}`.trim();
  const shown = summary.best ? `$\\mathbf{${content}}$` : `$${content}$`;
  return remark === null ? shown : `${shown} (${remark})`;
}

function seedsCell({ runs, missing }: Row): string {
  return missing.length === 0
    ? `${runs.length}`
    : `${runs.length} of ${runs.length + missing.length} (missing ${latexText(writeSeeds(missing))})`;
}

function table(report: Report, section: Section): string {
  const searches = hasSearches(section);
  const columns = columnsOf(section);
  const head = [
    'Loss',
    ...columns.map((column) => columnTitle(column, '$\\uparrow$', '$\\downarrow$')),
    ...(searches ? ['Chosen'] : []),
    'Seeds',
  ];
  const rows = section.rows.map((row) =>
    [
      latexText(row.label),
      ...columns.map(({ score }) => cell(row.scores[score], section.intervals)),
      ...(searches ? [latexText(chosenText(row) ?? '')] : []),
      seedsCell(row),
    ].join(' & '),
  );
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(`${blockTitle(section)}, experiment ${report.experiment}`)}.}`,
    `  \\label{tab:${`${section.dataset}-${section.model}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')}}`,
    `  \\begin{tabular}{l${'c'.repeat(columns.length)}${searches ? 'l' : ''}l}`,
    '    \\toprule',
    `    ${head.join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((row) => `    ${row} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

/** The tables of scores as LaTeX for `\input`, one table a data set and network; needs the package booktabs. */
export function latexReport(report: Report): string {
  return `${[
    ['% Needs \\usepackage{booktabs}.', ...notes(report).map((line) => `% ${line}`)].join('\n'),
    ...report.sections.map((section) => table(report, section)),
  ].join('\n\n')}\n`;
}
