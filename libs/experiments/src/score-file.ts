import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Labels, Predictions } from '@label-relaxation/data';
import { asLogits, readPredictions, trainTestSplit } from '@label-relaxation/data';
import { confidencePageOfScores } from './page/page-of-run';
import { confidenceFile, resultFile } from './tracking/artifact-names';
import { logScores } from './tracking/artifacts';
import { openNewRun, untilEnd } from './tracking/tracked-run';
import { UsageError } from './errors';
import type { Parameters } from './parameters/parameters';
import { checkCalibration, fitCalibration, needsScaling } from './run/calibration';
import type { PerformRunOptions } from './run/options';
import type { FileScores } from './run/result';
import { labelsOf, scoreCalibrated } from './run/score';

/**
 * Scores predictions and labels in a file, of whatever network, and tracks the scores as those of a run. With
 * `--calibrate` or `--conformal` half of the examples are for that, by `--seed`, and the others are scored.
 *
 * @throws UsageError or DataError in one line; nothing is tracked then
 */
export async function scoreFile(
  path: string,
  parameters: Parameters,
  options: PerformRunOptions = {},
): Promise<FileScores> {
  const { label_column, seed } = parameters;
  const { signal } = options;
  const predictions = await readPredictions(path, {
    ...(label_column === null ? {} : { labelColumn: label_column }),
    ...(signal ? { signal } : {}),
  });
  const kind = kindOf(path, predictions, parameters);
  const logits = asLogits(predictions, kind, path);
  const { labels, classNames, values } = predictions;
  const classes = classNames.length;
  const all = Int32Array.from(labels, (_, i) => i);
  const parts = needsScaling(parameters)
    ? trainTestSplit(all, 0.5, seed)
    : { train: new Int32Array(), test: all };
  const data = { labels, split: { scaling: parts.train }, dataset: { classes } };
  checkCalibration(parameters, data);
  const step = { logits: async (examples: Int32Array) => rowsOf(logits, classes, examples) };
  const calibration = await fitCalibration(parameters, data, step);
  const rows = { logits: rowsOf(logits, classes, parts.test), labels: labelsOf(data, parts.test) };
  const scored = { ...rows, result: scoreCalibrated(rows.logits, rows.labels, classes, calibration) };
  const run = await openNewRun(parameters, options, { runName: `score ${basename(path)}`, tags: {} });
  return untilEnd(run, signal, async () => {
    const result: FileScores = {
      run_id: run.id,
      experiment_id: run.experimentId ?? null,
      tracking_uri: run.trackingUri ?? null,
      run_url: run.url ?? null,
      file: path,
      sha256: digestOf(values, labels),
      predictions: kind,
      classes,
      scored_examples: parts.test.length,
      scaling_examples: parts.train.length,
      ...scored.result,
    };
    const { file, sha256, scored_examples, scaling_examples } = result;
    const { calibrate, conformal } = parameters;
    run.logParams({ file, sha256, predictions: kind, classes, scored_examples, scaling_examples });
    if (needsScaling(parameters)) run.logParams({ calibrate, conformal, seed });
    const predicted = { ...scored, calibration, classNames, title: basename(path), trainedAt: Date.now() };
    const probabilities = logScores(run, predicted);
    const about = `${scored_examples.toLocaleString('en-US')} examples of ${path}, run ${run.id}`;
    run.logText(await confidencePageOfScores(predicted, about, probabilities), confidenceFile);
    run.logJson(result, resultFile);
    return result;
  });
}

/** What the predictions are: as the flag or the file says. Throws a UsageError where neither does. */
function kindOf(path: string, { kind }: Predictions, { predictions }: Parameters): FileScores['predictions'] {
  const told = predictions ?? kind;
  if (told !== null) return told;
  throw new UsageError(
    `${path} doesn't say what it holds: give --predictions logits or --predictions probabilities`,
  );
}

function rowsOf(values: Float32Array, classes: number, examples: Int32Array): Float32Array {
  const rows = new Float32Array(examples.length * classes);
  examples.forEach((example, i) => {
    rows.set(values.subarray(example * classes, (example + 1) * classes), i * classes);
  });
  return rows;
}

function digestOf(values: Float32Array, labels: Labels): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).update(Uint16Array.from(labels)).digest('hex');
}
