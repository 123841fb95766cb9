import { MetricsError } from '../errors';
import { argmaxOfFinite, modeOfDistribution, sumTolerance } from './rows';
import type { Floats, Labels, Numbers } from './types';
import { floatsOf } from './types';

/** Number of classes of a flat matrix with one row per label; throws where sizes do not fit. */
export function countClasses(values: Numbers, examples: number, what: string): number {
  if (examples === 0) throw new MetricsError('labels are empty: a metric needs at least one example');
  if (values.length === 0 || values.length % examples !== 0) {
    throw new MetricsError(
      `${what} have ${values.length} values for ${examples} labels: give classes values for each label, row after row`,
    );
  }
  const classes = values.length / examples;
  if (classes < 2) {
    throw new MetricsError(
      `${what} have one value per label: give one for each of at least 2 classes (for a single event say { event })`,
    );
  }
  return classes;
}

/** Throws unless every label is a whole number below the number of classes. */
export function checkLabels(labels: Labels, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new MetricsError(`labels[${i}] is ${label}: expected a whole number from 0 to ${classes - 1}`);
    }
  }
}

/** What is wrong with the first value that is not finite. */
export function finiteFault(values: Floats, start: number, end: number, what: string): MetricsError {
  let at = start;
  while (at < end && Number.isFinite(values[at])) at++;
  return new MetricsError(
    `${what}[${at}] is ${values[at]}: every value must be a finite number; look for NaN in the model's output`,
  );
}

/** What is wrong with a row that is no distribution. */
export function distributionFault(values: Floats, row: number, classes: number, what: string): MetricsError {
  const start = row * classes;
  const hint =
    what === 'probabilities' ? 'pass logits through softmax first, or say { logits }' : 'give shares of 1';
  let sum = 0;
  for (let k = start; k < start + classes; k++) {
    const value = values[k] as number;
    if (!Number.isFinite(value)) return finiteFault(values, k, k + 1, what);
    if (value < 0 || value > 1 + sumTolerance) {
      return new MetricsError(`${what}[${k}] is ${value}, outside [0, 1]: ${hint}`);
    }
    sum += value;
  }
  return new MetricsError(`${what} of example ${row} sum to ${sum}, not to 1: ${hint}`);
}

/** Throws unless every row is a distribution. */
export function checkDistributions(values: Floats, classes: number, what: string): void {
  for (let row = 0; row * classes < values.length; row++) {
    if (modeOfDistribution(values, row * classes, classes) < 0) {
      throw distributionFault(values, row, classes, what);
    }
  }
}

/** Throws unless every value is a finite number. */
export function checkFinite(values: Floats, classes: number, what: string): void {
  for (let start = 0; start < values.length; start += classes) {
    if (argmaxOfFinite(values, start, classes) < 0) {
      throw finiteFault(values, start, start + classes, what);
    }
  }
}

/** Number of classes of a flat matrix with one row per label. Checks that sizes fit, values are finite and labels are in range. */
export function checkRows(values: Numbers, labels: Labels, what: string): number {
  const classes = countClasses(values, labels.length, what);
  checkFinite(floatsOf(values), classes, what);
  checkLabels(labels, classes);
  return classes;
}

/** As checkRows, and each row must be a probability distribution. Nothing is guessed: logits are refused, not converted. */
export function checkProbabilities(probabilities: Numbers, labels: Labels): number {
  const classes = countClasses(probabilities, labels.length, 'probabilities');
  checkDistributions(floatsOf(probabilities), classes, 'probabilities');
  checkLabels(labels, classes);
  return classes;
}

/** Example weights as float64, null where all count the same; throws unless there is one, 0 or more, for each example. */
export function readWeights(weights: Numbers | undefined, examples: number): Float64Array | null {
  if (weights === undefined) return null;
  if (weights.length !== examples) {
    throw new MetricsError(
      `${weights.length} weights for ${examples} examples: give one weight for each example`,
    );
  }
  const read = Float64Array.from(weights);
  let total = 0;
  for (let i = 0; i < read.length; i++) {
    const weight = read[i] as number;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new MetricsError(`weights[${i}] is ${weight}: expected a finite number of at least 0`);
    }
    total += weight;
  }
  if (total === 0) throw new MetricsError('weights are all 0: at least one example must count');
  return read.every((weight) => weight === read[0]) ? null : read;
}

/** Throws unless the temperature is positive and finite. */
export function checkTemperature(temperature: number): void {
  if (!Number.isFinite(temperature) || temperature <= 0) {
    throw new MetricsError(`temperature is ${temperature}: expected a finite number above 0`);
  }
}

/** Throws unless the value is a whole number of at least the smallest allowed one. */
export function checkWhole(value: number, what: string, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new MetricsError(`${what} is ${value}: expected a whole number of at least ${least}`);
  }
}

/** Throws unless the value is a share. */
export function checkShare(value: number | undefined, what: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new MetricsError(`${what} is ${value}: expected a number from 0 to 1`);
  }
  return value;
}
