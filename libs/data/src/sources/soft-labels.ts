import { DataError } from '../errors';
import { labelArray } from './labels';
import type { SourceContent } from './source';

/** How far the probabilities of an example may be from a sum of 1. */
const tolerance = 1e-3;

/**
 * Classes from rows of soft labels: the one with the largest number of each, the first of several. Rows of a single 1
 * and zeros are no soft labels: what they say, the classes say.
 *
 * @param targets [examples, classes] row by row: class distributions, which all sum to 1, or possibilities (such as
 * sets of candidates), which all have a 1.
 * @param title of the rows, for the error.
 * @throws DataError for a row that is neither.
 */
export function fromRows(
  targets: Float32Array,
  classes: number,
  title: string,
): Pick<SourceContent, 'labels' | 'targets'> {
  const labels = labelArray(targets.length / classes, classes);
  let [areHard, areDistributions, arePossibilities] = [true, true, true];
  for (let example = 0; example < labels.length; example++) {
    const row = targets.subarray(example * classes, (example + 1) * classes);
    let [best, sum] = [0, 0];
    row.forEach((value, label) => {
      if (!(value >= 0 && value <= 1)) {
        throw new DataError(
          `${title}: row ${example} has ${short(value)} for class ${label}: soft labels are from 0 to 1.`,
        );
      }
      sum += value;
      if (value > row[best]!) best = label;
    });
    areDistributions &&= Math.abs(sum - 1) <= tolerance;
    arePossibilities &&= row[best] === 1;
    if (!areDistributions && !arePossibilities) {
      throw new DataError(
        `${title}: row ${example} sums to ${short(sum)} and its largest number is ${short(row[best]!)}: ` +
          'soft labels are distributions, which all sum to 1, or possibilities, which all have a 1.',
      );
    }
    areHard &&= row[best] === 1 && sum === 1;
    labels[example] = best;
  }
  return { labels, targets: areHard ? null : targets };
}

/** A float32 number as it was written: 0.9, not 0.8999999761581421. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
