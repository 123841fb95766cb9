import { MetricsError } from './errors';

/** Numbers in row-major order. A Float32Array is binned in float32 arithmetic, everything else in float64. */
export type Numbers = Float32Array | Float64Array | readonly number[];

/** Class numbers, one per example, from 0. */
export type Labels = ArrayLike<number>;

/** How far a row of probabilities may be from summing to 1: float32 softmax outputs over many classes stay within. */
const sumTolerance = 1e-3;

function requireFinite(value: number | undefined, what: string, index: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new MetricsError(
      `${what}[${index}] is ${value}: every value must be a finite number; look for NaN in the model's output`,
    );
  }
  return value;
}

/** Number of classes of a flat matrix with one row per label. Checks that sizes fit, values are finite and labels are in range. */
export function checkRows(values: Numbers, labels: Labels, what: string): number {
  if (labels.length === 0) throw new MetricsError('labels are empty: a metric needs at least one example');
  if (values.length === 0 || values.length % labels.length !== 0) {
    throw new MetricsError(
      `${what} have ${values.length} values for ${labels.length} labels: give classes values for each label, row after row`,
    );
  }
  const classes = values.length / labels.length;
  if (classes < 2) {
    throw new MetricsError(
      `${what} have one value per label: give one for each of at least 2 classes (for a single event use calibrationError)`,
    );
  }
  for (let i = 0; i < values.length; i++) requireFinite(values[i], what, i);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new MetricsError(`labels[${i}] is ${label}: expected a whole number from 0 to ${classes - 1}`);
    }
  }
  return classes;
}

/** As checkRows, and each row must be a probability distribution. Nothing is guessed: logits are refused, not converted. */
export function checkProbabilities(probabilities: Numbers, labels: Labels): number {
  const classes = checkRows(probabilities, labels, 'probabilities');
  for (let row = 0; row < labels.length; row++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const value = probabilities[row * classes + k] as number;
      if (value < 0 || value > 1 + sumTolerance) {
        throw new MetricsError(
          `probabilities[${row * classes + k}] is ${value}, outside [0, 1]: pass logits through softmax first`,
        );
      }
      sum += value;
    }
    if (Math.abs(sum - 1) > sumTolerance) {
      throw new MetricsError(
        `probabilities of example ${row} sum to ${sum}, not to 1: pass logits through softmax first`,
      );
    }
  }
  return classes;
}

/** Checks the probabilities of one event and whether it happened (0 or 1, false or true), example by example. */
export function checkEvents(confidences: Numbers, outcomes: ArrayLike<number | boolean>): void {
  if (confidences.length === 0) {
    throw new MetricsError('confidences are empty: a metric needs at least one example');
  }
  if (confidences.length !== outcomes.length) {
    throw new MetricsError(
      `${confidences.length} confidences but ${outcomes.length} outcomes: give one outcome for each confidence`,
    );
  }
  for (let i = 0; i < confidences.length; i++) {
    const value = requireFinite(confidences[i], 'confidences', i);
    if (value < 0 || value > 1 + sumTolerance) {
      throw new MetricsError(`confidences[${i}] is ${value}: expected a probability in [0, 1]`);
    }
    const outcome = Number(outcomes[i]);
    if (outcome !== 0 && outcome !== 1) {
      throw new MetricsError(`outcomes[${i}] is ${outcomes[i]}: expected 0 or 1`);
    }
  }
}

/** Throws unless the number of bins is a whole number of at least 1. */
export function checkBins(bins: number): void {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new MetricsError(`bins is ${bins}: expected a whole number of at least 1`);
  }
}

/** Throws unless the temperature is positive and finite. */
export function checkTemperature(temperature: number): void {
  if (!Number.isFinite(temperature) || temperature <= 0) {
    throw new MetricsError(`temperature is ${temperature}: expected a finite number above 0`);
  }
}
