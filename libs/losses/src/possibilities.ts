import type { LabelKind } from './declaration';
import { LossError } from './errors';

/** How far a sum of float32 probabilities may be from 1. */
const TOLERANCE = 1e-3;

/**
 * What rows of numbers are as labels: class distributions if every row sums to 1, possibilities if the largest number
 * of every row is 1 (a one-hot row is both).
 *
 * @param rows [examples, classes], row by row
 * @throws LossError naming the first row that is neither, or a number outside of [0, 1]
 */
export function labelKindOf(rows: Float32Array, classes: number): Exclude<LabelKind, 'classes'> {
  let possible = true;
  let distributed = true;
  for (let start = 0; start < rows.length; start += classes) {
    const row = rows.subarray(start, start + classes);
    const number = start / classes + 1;
    const outside = row.find((value) => !(value >= 0 && value <= 1));
    if (outside !== undefined) {
      throw new LossError(`row ${number} of the labels has ${short(outside)}: give numbers from 0 to 1`);
    }
    const sum = row.reduce((total, value) => total + value, 0);
    possible &&= Math.max(...row) === 1;
    distributed &&= Math.abs(sum - 1) < TOLERANCE;
    if (!possible && !distributed) {
      throw new LossError(
        `row ${number} of the labels sums to ${short(sum)} and its largest number is ${short(Math.max(...row))}: ` +
          'give rows that all sum to 1 (class distributions) or that all have a 1 (possibilities)',
      );
    }
  }
  return distributed ? 'distributions' : 'possibilities';
}

/** A float32 number as it was written: 0.9, not 0.8999999761581421. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}

/**
 * Class distributions as possibilities, by the optimal transformation: a class is as possible as all classes together
 * that are at most as probable, so that the most probable one gets 1 (Dubois and Prade; Lienen, Demir and Hüllermeier,
 * COPA 2023).
 *
 * @param rows distributions [examples, classes], row by row
 * @returns possibilities of the same shape
 */
export function possibilitiesOf(rows: Float32Array, classes: number): Float32Array {
  const possibilities = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += classes) {
    const row = rows.subarray(start, start + classes);
    const rising = Array.from({ length: classes }, (_, k) => k).sort((a, b) => row[a]! - row[b]!);
    const total = row.reduce((sum, value) => sum + value, 0);
    let sum = 0;
    for (let i = 0; i < classes;) {
      const level = row[rising[i]!]!;
      let end = i;
      while (end < classes && row[rising[end]!] === level) sum += row[rising[end++]!]!;
      for (; i < end; i++) possibilities[start + rising[i]!] = end === classes ? 1 : sum / total;
    }
  }
  return possibilities;
}
