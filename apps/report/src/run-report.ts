import { join } from 'node:path';
import { MlflowClient } from '@label-relaxation/tracking';
import { reportFiles } from './formats/files';
import { logReport } from './log-report';
import type { ReportOptions } from './options';
import { findExperiment, readDiagrams, readRuns } from './read-runs';
import type { Report } from './report';
import { makeReport } from './report';
import { filterRuns, hasConverged } from './runs';
import { makeTable } from './table';
import { writeReportFile } from './write-report-file';

/** What a report came to. */
export interface ReportOutcome {
  readonly report: Report;
  readonly files: readonly string[];
  readonly trackingUri: string;
  readonly experimentId: string;
  /** The run that holds the report; null where it was not logged. */
  readonly run: { readonly runId: string; readonly url: string } | null;
}

/** Reads an experiment's runs, makes their report, writes its files and logs it. */
export async function runReport(
  options: ReportOptions,
  signal: AbortSignal,
  onProgress: (line: string) => void,
): Promise<ReportOutcome> {
  const client = new MlflowClient(options.trackingUri === null ? {} : { trackingUri: options.trackingUri });
  const { experiment_id: experimentId, name } = await findExperiment(client, options.experiment, signal);
  const runs = filterRuns(await readRuns(client, experimentId, signal), options);
  const { blocks } = makeTable(runs, options.scored, options.seeds);
  const shown = blocks
    .flatMap(({ rows }) => rows.flatMap((row) => row.runs))
    .filter(hasConverged)
    .map(({ runId }) => runId);
  if (shown.length > 0) onProgress(`reading ${shown.length} reliability diagrams`);
  const report = makeReport(
    {
      experiment: name,
      experimentUrl: client.experimentUrl(experimentId),
      scored: options.scored,
      seeds: options.seeds,
      columns: options.columns,
      intervals: options.intervals,
    },
    runs,
    await readDiagrams(client, shown, signal),
    new Date(),
  );
  const files = reportFiles(report, options.formats);
  for (const { path, content } of files) await writeReportFile(join(options.output, path), content);
  const run = options.log ? await logReport(client, experimentId, report, files, signal, onProgress) : null;
  return {
    report,
    files: files.map(({ path }) => join(options.output, path)),
    trackingUri: client.trackingUri,
    experimentId,
    run,
  };
}
