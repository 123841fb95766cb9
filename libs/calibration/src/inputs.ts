import type { LabelledPredictions, Numbers, Predictions } from '@label-relaxation/metrics';
import { checkProbabilities, checkRows } from '@label-relaxation/metrics';
import { CalibrationError } from './errors';
import { softmaxRow } from './numerics/softmax-row';

/** The kinds of predictions. */
export type PredictionKind = 'logits' | 'probabilities';

/** A typed array that holds predictions. */
export type Values = Float32Array | Float64Array;

/** Checked predictions. */
export interface Rows {
  readonly kind: PredictionKind;
  readonly values: Values;
  readonly classes: number;
  readonly size: number;
}

/** Checked predictions with their labels and with weights of mean 1, or none. */
export interface Examples extends Rows {
  readonly labels: Int32Array;
  readonly weights: Float64Array | null;
}

/** The smallest normal float32, which stands for smaller probabilities where a logarithm is taken, as in probmetrics. */
const smallest = 2 ** -126;

/** Checks labelled predictions; a MetricsError names a value that is none. */
export function readExamples(given: LabelledPredictions): Examples {
  const { labels } = given;
  const { kind, values } = kindOf(given);
  const classes =
    kind === 'logits' ? checkRows(values, labels, 'logits') : checkProbabilities(values, labels);
  const weights = given.weights === undefined ? null : readWeights(given.weights, labels.length);
  return { kind, values, classes, size: labels.length, labels: Int32Array.from(labels), weights };
}

/** Checks predictions of a known number of classes. */
export function readRows(given: Predictions, classes: number): Rows {
  const { kind, values } = kindOf(given);
  const size = values.length / classes;
  if (size === 0 || !Number.isInteger(size)) {
    throw new CalibrationError(`${kind} have ${values.length} values: expected rows of ${classes} classes`);
  }
  const labels = new Uint8Array(size);
  if (kind === 'logits') checkRows(values, labels, 'logits');
  else checkProbabilities(values, labels);
  return { kind, values, classes, size };
}

function kindOf(given: Predictions): { kind: PredictionKind; values: Values } {
  const { logits, probabilities } = given as { logits?: Numbers; probabilities?: Numbers };
  if ((logits === undefined) === (probabilities === undefined)) {
    throw new CalibrationError(
      'give either logits or probabilities, so that it is plain what the values are',
    );
  }
  const values = (logits ?? probabilities) as Numbers;
  const typed = values instanceof Float32Array || values instanceof Float64Array;
  return {
    kind: logits === undefined ? 'probabilities' : 'logits',
    values: typed ? values : Float64Array.from(values),
  };
}

function readWeights(given: Numbers, size: number): Float64Array {
  if (given.length !== size) {
    throw new CalibrationError(`${given.length} weights for ${size} labels: give one for each example`);
  }
  const weights = Float64Array.from(given);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) throw new CalibrationError(`weights[${wrong}] is ${weights[wrong]}: expected 0 or more`);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / size;
  if (mean === 0) throw new CalibrationError('all weights are 0: no example counts');
  return weights.map((weight) => weight / mean);
}

/**
 * Logits of the predictions: as given, or the logarithms of probabilities, in an array of the same type. Probabilities
 * below 2^-126 count as that.
 */
export function logitsOf({ kind, values }: Rows): Values {
  if (kind === 'logits') return values;
  const logits =
    values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) logits[i] = Math.log(Math.max(values[i] as number, smallest));
  return logits;
}

/** Gives a function that writes the probabilities of a row into a buffer: those of logits are their softmax. */
export function probabilityReader({
  kind,
  values,
  classes,
}: Rows): (row: number, into: Float64Array) => void {
  return (row, into) => {
    const start = row * classes;
    for (let k = 0; k < classes; k++) into[k] = values[start + k] as number;
    if (kind === 'logits') softmaxRow(into, 0, classes);
  };
}

/** The part of some examples with the given numbers. */
export function selectExamples(examples: Examples, numbers: ArrayLike<number>): Examples {
  const { classes, values, labels, weights } = examples;
  const size = numbers.length;
  const kept =
    values instanceof Float32Array ? new Float32Array(size * classes) : new Float64Array(size * classes);
  for (let i = 0; i < size; i++) {
    const row = numbers[i] as number;
    kept.set(values.subarray(row * classes, (row + 1) * classes), i * classes);
  }
  return {
    ...examples,
    values: kept,
    size,
    labels: Int32Array.from(numbers, (row) => labels[row] as number),
    weights: weights && Float64Array.from(numbers, (row) => weights[row] as number),
  };
}
