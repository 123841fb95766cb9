import type { Report } from '../report';
import { allPlots } from '../report';
import { runsCsv, scoresCsv, testsCsv } from './csv';
import { latexReport } from './latex';
import { markdownReport } from './markdown';
import { htmlReport } from './page';

/** What a report can be written as. */
export const formats = ['markdown', 'latex', 'csv', 'html'] as const;

/** One of the formats. */
export type Format = (typeof formats)[number];

/** A file of a report; its path is relative, with slashes. */
export interface ReportFile {
  readonly path: string;
  readonly content: string;
}

/** The files of a report in the given formats; the plots go with Markdown, the page holds its own. */
export function reportFiles(report: Report, wanted: readonly Format[]): ReportFile[] {
  const write: Readonly<Record<Format, () => ReportFile[]>> = {
    markdown: () => [
      { path: 'report.md', content: markdownReport(report) },
      ...allPlots(report).map(({ file, svg }) => ({ path: `plots/${file}`, content: `${svg}\n` })),
    ],
    latex: () => [{ path: 'report.tex', content: latexReport(report) }],
    csv: () => [
      { path: 'scores.csv', content: scoresCsv(report) },
      { path: 'tests.csv', content: testsCsv(report) },
      { path: 'runs.csv', content: runsCsv(report) },
    ],
    html: () => [{ path: 'report.html', content: htmlReport(report) }],
  };
  return formats.filter((format) => wanted.includes(format)).flatMap((format) => write[format]());
}
