import { DataError } from '../errors';
import type { Predictions } from './predictions';

/** How far probabilities that were rounded in a file may be from a sum of 1. */
const tolerance = 1e-2;

/** What probabilities of 0 count as, so that their logarithms are finite. */
const least = 1e-30;

/** The first row that is no distribution: its sum and its smallest number; null where all are. */
function firstOther({
  values,
  classNames,
}: Predictions): { row: number; sum: number; smallest: number } | null {
  const classes = classNames.length;
  for (let start = 0; start < values.length; start += classes) {
    let [sum, smallest] = [0, Infinity];
    for (let k = start; k < start + classes; k++) {
      sum += values[k]!;
      smallest = Math.min(smallest, values[k]!);
    }
    if (!(smallest >= 0 && Math.abs(sum - 1) <= tolerance)) return { row: start / classes, sum, smallest };
  }
  return null;
}

/** Whether predictions could be probabilities: rows of numbers from 0 on that sum to 1. */
export function couldBeProbabilities(predictions: Predictions): boolean {
  return firstOther(predictions) === null;
}

/**
 * Predictions as logits: as they are, or the logarithms of probabilities.
 *
 * @param title of the file, for the error.
 * @throws DataError in one line for probabilities that are none.
 */
export function asLogits(
  predictions: Predictions,
  kind: 'logits' | 'probabilities',
  title: string,
): Float32Array {
  const { values } = predictions;
  if (kind === 'logits') return values;
  const other = firstOther(predictions);
  if (other === null) return values.map((p) => Math.log(Math.max(p, least)));
  const { row, sum, smallest } = other;
  throw new DataError(
    `${title}: row ${row} has the sum ${Number(sum.toPrecision(4))} and the smallest number ${smallest}: ` +
      'probabilities are at least 0 and sum to 1; are these logits (--predictions logits)?',
  );
}
