import type { MlflowClient } from '@label-relaxation/tracking';
import { withRun } from '@label-relaxation/tracking';
import type { ReportFile } from './formats/files';
import { scoresTable } from './formats/markdown';
import { blockTitle } from './plots';
import type { Report } from './report';

/** A run that holds a report. */
export interface LoggedReport {
  readonly runId: string;
  readonly url: string;
}

/** Logs a report's files as artifacts of a new run named `report` in its experiment, with the tables as its note. */
export function logReport(
  client: MlflowClient,
  experimentId: string,
  report: Report,
  files: readonly ReportFile[],
  signal: AbortSignal,
  onWarning: (message: string) => void,
): Promise<LoggedReport> {
  const description = report.sections
    .map((section) => `### ${blockTitle(section)}\n\n${scoresTable(section)}`)
    .join('\n\n');
  const tags = { report: 'true', scored: report.scored };
  const sourceName = 'npm run report';
  return withRun(
    { client, experimentId, runName: 'report', sourceName, description, tags, signal, onWarning },
    (run) => {
      for (const { path, content } of files) run.logText(content, path);
      return { runId: run.id, url: client.runUrl(experimentId, run.id) };
    },
  );
}
