import { titleOf } from '@label-relaxation/experiments';
import type { SyncReport } from '@label-relaxation/tracking';
import type {
  CalibratedScores,
  Evaluation,
  ExportedModel,
  FileScores,
  RunPlan,
  RunResult,
} from '@label-relaxation/experiments';

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function heading({ loss_name, alpha, model_name, dataset_name, seed }: RunPlan | RunResult): string {
  const [loss, model, data] = [loss_name, model_name, dataset_name].map(titleOf);
  return `${loss} (alpha ${alpha}), ${model} on ${data}, seed ${seed}\n`;
}

/** How many labels of the training part were changed; nothing where they are the data set's own. */
function changedRow(run: RunPlan | RunResult): (readonly [string, string])[] {
  if (run.changed_labels === null) return [];
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const found = 'changed_labels_found' in run ? run.changed_labels_found : null;
  const ranked = found === null ? '' : `; ${percent(found)} of them are among as many least plausible ones`;
  return [['labels', `${percent(run.changed_labels)} of the training part are changed${ranked}`]];
}

/** The outcome of a run, for a person. */
export function describeResult(result: RunResult): string {
  const { scored, train_seconds, epochs, run_url } = result;
  return (
    heading(result) +
    table([
      ...scoreRows(result, `on the ${scored} part`),
      ...changedRow(result),
      ['training', `${epochs} epochs in ${train_seconds.toFixed(1)} s`],
      ['run', run_url ?? result.run_id],
    ])
  );
}

/** The scores of a file of predictions, for a person. */
export function describeFileScores(scores: FileScores): string {
  const { file, predictions, classes, scored_examples, scaling_examples, run_url, run_id } = scores;
  const others = scaling_examples === 0 ? '' : `, after ${scaling_examples} others`;
  return (
    `${file}, ${predictions} of ${classes} classes\n` +
    table([...scoreRows(scores, `on ${scored_examples} examples${others}`), ['run', run_url ?? run_id]])
  );
}

function scoreRows(scores: CalibratedScores, where: string): (readonly [string, string])[] {
  const { accuracy, ece, smooth_ece, nll, refinement, brier, aurc } = scores;
  return [
    ['accuracy', `${accuracy.toFixed(4)} ${where}`],
    ['ECE', ece.toFixed(4)],
    ...rowOf('smooth ECE', smooth_ece),
    ['NLL', nll.toFixed(4)],
    ...rowOf('refinement', refinement),
    ['Brier', brier.toFixed(4)],
    ...rowOf('AURC', aurc),
    ...calibrationRows(scores),
  ];
}

/** A score's row; nothing where the run lacks the score. */
function rowOf(name: string, score: number | null): (readonly [string, string])[] {
  return score === null ? [] : [[name, score.toFixed(4)]];
}

/** What a run was calibrated by and what it was worth, and its prediction sets. */
function calibrationRows({ temperature, calibrator, uncalibrated, conformal }: CalibratedScores) {
  const rows: [string, string][] = [];
  if (calibrator !== null && uncalibrated !== null) {
    const name = temperature === null ? calibrator : `temperature ${temperature.toFixed(3)}`;
    const { ece, nll } = uncalibrated;
    rows.push(['calibrated', `by ${name}; before it ECE ${ece.toFixed(4)}, NLL ${nll.toFixed(4)}`]);
  }
  if (conformal !== null) {
    const { alpha, coverage, mean_size } = conformal;
    const wanted = `${(1 - alpha).toFixed(2)} wanted`;
    rows.push([
      'sets',
      `coverage ${coverage.toFixed(4)} (${wanted}), ${mean_size.toFixed(2)} classes on average`,
    ]);
  }
  return rows;
}

/** A run that would be made, for a person. */
export function describePlan(plan: RunPlan): string {
  const part = ([name, summary]: [string, RunPlan['split']['test'] | null]) =>
    summary ? [[name, `${summary.size} examples, sha256 ${summary.sha256}`] as const] : [];
  const flags = Object.entries(plan.configuration).filter(([, value]) => value !== null);
  return (
    heading(plan) +
    table([
      ['data', plan.data_source],
      ...Object.entries(plan.split).flatMap(part),
      ['scored', `the ${plan.scored} part`],
      ...changedRow(plan),
      ['model', `${plan.parameters.toLocaleString('en')} parameters`],
      ...flags.map(([name, value]) => [`--${name}`, String(value)] as const),
    ])
  );
}

/** A tracked model's scores, measured again beside those that its run logged. */
export function describeEvaluation({ run_id, scored, tracked, ...scores }: Evaluation): string {
  const row = (name: 'accuracy' | 'ece' | 'nll' | 'brier') =>
    [name, `${scores[name].toFixed(6)}   logged ${tracked[name].toFixed(6)}`] as const;
  return `run ${run_id}, ${scored} part\n` + table([row('accuracy'), row('ece'), row('nll'), row('brier')]);
}

/** What became of the journals on disk, a line each. */
export function describeSync({ runs }: SyncReport): string {
  if (runs.length === 0) return 'nothing waits to be sent\n';
  return runs
    .map(({ runId, outcome, sent, logged, waiting, reason }) => {
      if (outcome === 'busy') return `run ${runId} is still being logged: left alone\n`;
      if (outcome === 'superseded') return `run ${runId}: ${reason}\n`;
      if (outcome === 'sent') return `run ${runId}: ${sent} of ${logged} events stored, none waits\n`;
      return `run ${runId}: ${waiting} of ${logged} events wait${reason ? ` (${reason})` : ''}\n`;
    })
    .join('');
}

/** A model that was written into a folder. */
export function describeExport({ run_id, format, folder, files }: ExportedModel): string {
  return table([
    ['run', run_id],
    ['format', format],
    ['folder', folder],
    ['files', files.join(', ')],
  ]);
}
