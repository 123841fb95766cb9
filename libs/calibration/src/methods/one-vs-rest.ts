import type { Examples, Rows } from '../inputs';
import type { JsonReader } from '../json-reader';
import { exponential } from '../numerics/exponential';
import type { Counts, Fitted, Method } from './method';

/** Examples of one event: its predicted probability, and whether it happened. */
export interface Events {
  readonly probabilities: Float64Array;
  readonly outcomes: Uint8Array;
  readonly weights: Float64Array | null;
}

/** A way to calibrate the probability of one event. */
export interface BinaryMethod<M, O> {
  readonly refusal?: (counts: Counts, options: O) => string | null;
  readonly fit: (events: Events, options: O) => M;
  /** The calibrated probability. */
  readonly apply: (map: M, probability: number) => number;
  readonly read: (json: JsonReader) => M;
}

/** A map for each class, or of two classes for the second alone. */
export interface OneVsRest<M> {
  readonly maps: readonly M[];
}

/** A fitted binary method. */
export interface OneVsRestCalibrator<N extends string, M> extends Fitted, OneVsRest<M> {
  readonly method: N;
}

/** Gives the probability of one class after another, as columns. */
function columnsOf(rows: Rows): (k: number) => Float64Array {
  const { kind, values, classes, size } = rows;
  const column = new Float64Array(size);
  if (kind === 'probabilities') {
    return (k) => {
      for (let row = 0; row < size; row++) column[row] = values[row * classes + k] as number;
      return column;
    };
  }
  const maxima = new Float64Array(size).fill(-Infinity);
  const sums = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const start = row * classes;
    let maximum = -Infinity;
    for (let k = start; k < start + classes; k++) maximum = Math.max(maximum, values[k] as number);
    let sum = 0;
    for (let k = start; k < start + classes; k++) sum += exponential((values[k] as number) - maximum);
    maxima[row] = maximum;
    sums[row] = sum;
  }
  return (k) => {
    for (let row = 0; row < size; row++) {
      const distance = (values[row * classes + k] as number) - (maxima[row] as number);
      column[row] = exponential(distance) / (sums[row] as number);
    }
    return column;
  };
}

/** Why one-vs-rest calibration of these examples is refused: a class that never is, or always is, teaches nothing. */
function missingClass({ examples, byClass }: Counts): string | null {
  const missing = byClass.indexOf(0);
  if (missing >= 0)
    return `it needs examples of every class, and class ${missing} has none among ${examples}`;
  return null;
}

/**
 * A binary method for any number of classes: each class against the rest, the results divided by their sum (all equal
 * where it is 0), as scikit-learn and netcal do. Of two classes the second is calibrated, and the first is the rest.
 */
export function oneVsRest<M, O>(name: string, binary: BinaryMethod<M, O>): Method<OneVsRest<M>, O> {
  const firstOf = (classes: number) => (classes === 2 ? 1 : 0);
  return {
    refusal: (counts, options) => {
      const reason = missingClass(counts);
      return reason === null ? (binary.refusal?.(counts, options) ?? null) : `${name}: ${reason}`;
    },
    fit: (examples: Examples, options) => {
      const { classes, size, labels, weights } = examples;
      const column = columnsOf(examples);
      const outcomes = new Uint8Array(size);
      const maps: M[] = [];
      for (let k = firstOf(classes); k < classes; k++) {
        for (let row = 0; row < size; row++) outcomes[row] = labels[row] === k ? 1 : 0;
        maps.push(binary.fit({ probabilities: column(k), outcomes, weights }, options));
      }
      return { maps };
    },
    transform: ({ maps }, rows) => {
      const { classes, size } = rows;
      const column = columnsOf(rows);
      const result = new Float64Array(size * classes);
      maps.forEach((map, i) => {
        const k = i + firstOf(classes);
        const probabilities = column(k);
        for (let row = 0; row < size; row++) {
          result[row * classes + k] = binary.apply(map, probabilities[row] as number);
        }
      });
      normalise(result, classes);
      return result;
    },
    read: (json, classes) => ({
      maps: json.objects('maps', classes === 2 ? 1 : classes, binary.read),
    }),
  };
}

function normalise(values: Float64Array, classes: number): void {
  for (let start = 0; start < values.length; start += classes) {
    if (classes === 2) {
      values[start] = 1 - (values[start + 1] as number);
      continue;
    }
    let sum = 0;
    for (let k = start; k < start + classes; k++) sum += values[k] as number;
    for (let k = start; k < start + classes; k++) {
      values[k] = sum === 0 ? 1 / classes : (values[k] as number) / sum;
    }
  }
}
