import { escapeText } from '@label-relaxation/plots';
import type { Plot } from '../plots';
import { blockTitle } from '../plots';
import type { Report, Section } from '../report';
import { writeSeeds } from '../seeds';
import type { Comparison } from '../significance';
import { correction } from '../significance';
import type { Row, Summary } from '../table';
import { chosenText, columnsOf, columnTitle, differenceText, hasSearches, pText, scoreCell } from './cells';
import { createdText, notes } from './notes';
import { pageStyle } from './page-style';

function headRow(titles: readonly string[]): string {
  return `<thead><tr>${titles.map((title) => `<th scope="col">${escapeText(title)}</th>`).join('')}</tr></thead>`;
}

function scoreData(summary: Summary | null, intervals: boolean): string {
  const { mean, deviation, interval, remark } = scoreCell(summary, intervals);
  const figure = summary?.mean === null ? `<span class="missing">${mean}</span>` : mean;
  const around = deviation === null ? interval : `± ${deviation}`;
  const spread = around === null ? '' : ` <span class="deviation">${around}</span>`;
  const lacking = remark === null ? '' : ` <span class="missing">${remark}</span>`;
  return summary?.best
    ? `<td class="best"><strong>${figure}</strong>${spread}</td>`
    : `<td>${figure}${spread}${lacking}</td>`;
}

function seedsCell({ runs, missing }: Row): string {
  const lacking = missing.length === 0 ? '' : ` <span class="missing">missing: ${writeSeeds(missing)}</span>`;
  return `<td>${writeSeeds(runs.map(({ seed }) => seed))}${lacking}</td>`;
}

function scoresTable(section: Section): string {
  const searches = hasSearches(section);
  const columns = columnsOf(section);
  const head = [
    'Loss',
    ...columns.map((column) => columnTitle(column)),
    ...(searches ? ['Chosen, by seed'] : []),
    'Seeds',
  ];
  const rows = section.rows.map(
    (row) =>
      `<tr><td>${escapeText(row.label)}</td>${columns.map(({ score }) => scoreData(row.scores[score], section.intervals)).join('')}` +
      `${searches ? `<td>${chosenText(row) ?? ''}</td>` : ''}${seedsCell(row)}</tr>`,
  );
  return `<div class="scroll"><table class="scores">${headRow(head)}<tbody>${rows.join('')}</tbody></table></div>`;
}

function pCell(p: number | null, adjusted: number | null): string {
  const significant = adjusted !== null && adjusted < 0.05 ? ' class="significant"' : '';
  return `<td>${escapeText(pText(p))}</td><td${significant}>${escapeText(pText(adjusted))}</td>`;
}

function testsTable(comparisons: readonly Comparison[]): string {
  if (comparisons.length === 0) return '';
  const head = [
    'Score',
    'Losses',
    'Common seeds',
    'Mean difference',
    't-test p',
    correction,
    'Signed-rank p',
    correction,
  ];
  const rows = comparisons.map(
    ({ score, first, second, seeds, difference, tTest, tTestAdjusted, wilcoxon, wilcoxonAdjusted }) =>
      `<tr><td>${score === 'ece' ? 'ECE' : 'Accuracy'}</td><td>${escapeText(`${first} – ${second}`)}</td><td>${seeds}</td>` +
      `<td>${differenceText(difference)}</td>${pCell(tTest, tTestAdjusted)}${pCell(wilcoxon, wilcoxonAdjusted)}</tr>`,
  );
  return (
    `<details><summary>Paired tests between losses (${correction}-corrected)</summary><div class="scroll">` +
    `<table class="tests">${headRow(head)}<tbody>${rows.join('')}</tbody></table></div></details>`
  );
}

function pictures(plots: readonly Plot[]): string {
  if (plots.length === 0) return '';
  return `<div class="pictures">${plots.map(({ svg }) => `<figure>${svg}</figure>`).join('')}</div>`;
}

/** The whole report as one page of HTML that loads nothing else and follows the reader's light or dark setting. */
export function htmlReport(report: Report): string {
  const runs = report.sections.flatMap(({ rows }) => rows.flatMap((row) => row.runs)).length;
  const title = `Label relaxation study: ${report.experiment}`;
  const sections = report.sections.map(
    (section) =>
      `<section><h2>${escapeText(blockTitle(section))}</h2>${scoresTable(section)}${testsTable(section.comparisons)}` +
      `${pictures(section.plots)}</section>`,
  );
  const alpha =
    report.alphaPlots.length === 0
      ? ''
      : `<section><h2>ECE over the parameter</h2>${pictures(report.alphaPlots)}</section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
<p class="about">${runs} ${runs === 1 ? 'run' : 'runs'} in ${report.sections.length} ${report.sections.length === 1 ? 'table' : 'tables'} · ${createdText(report)} · <a href="${escapeText(report.experimentUrl)}">runs in MLflow</a></p>
${sections.join('\n')}
${alpha}
<section><h2>Notes</h2><ul>${notes(report)
    .map((line) => `<li>${escapeText(line)}</li>`)
    .join('')}</ul></section>
</main>
</body>
</html>
`;
}
