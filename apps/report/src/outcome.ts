import { scoresTable } from './formats/markdown';
import { blockTitle } from './plots';
import type { ReportOutcome } from './run-report';

/** A report for the terminal: its tables, and where its files are. */
export function outcomeText({ report, files, run }: ReportOutcome): string {
  return [
    ...report.sections.flatMap((section) => [blockTitle(section), '', scoresTable(section), '']),
    ...files.map((file) => `wrote ${file}`),
    ...(run ? [`logged to ${run.url}`] : []),
    '',
  ].join('\n');
}

/** A report as the object that `--json` prints. */
export function outcomeJson({ report, files, run, trackingUri, experimentId }: ReportOutcome): object {
  return {
    run_id: run?.runId ?? null,
    run_url: run?.url ?? null,
    experiment_id: experimentId,
    experiment_name: report.experiment,
    tracking_uri: trackingUri,
    scored: report.scored,
    files,
    superseded: report.superseded,
    tables: report.sections.map(({ dataset, model, seeds, rows, comparisons }) => ({
      dataset_name: dataset,
      model_type: model,
      seeds,
      rows: rows.map(({ variant, label, runs, missing, scores }) => ({
        label,
        loss_name: variant.loss,
        alpha: variant.alpha,
        alpha_chosen_by: variant.chosenBy,
        temp_scaling: variant.calibration === 'temperature',
        calibrate: variant.calibration,
        settings: variant.settings,
        seeds: runs.map(({ seed }) => seed),
        missing_seeds: missing,
        run_ids: runs.map(({ runId }) => runId),
        ...scores,
      })),
      tests: comparisons.map((comparison) => ({
        score: comparison.score,
        first: comparison.first,
        second: comparison.second,
        seeds: comparison.seeds,
        difference: comparison.difference,
        t_test: comparison.tTest,
        t_test_holm: comparison.tTestAdjusted,
        wilcoxon: comparison.wilcoxon,
        wilcoxon_holm: comparison.wilcoxonAdjusted,
      })),
    })),
  };
}
