import type { Labels, Numbers } from './inputs';
import { checkProbabilities } from './inputs';

/**
 * Multiclass Brier score (Brier 1950): the mean over examples of sum_k (p_k - [y = k])^2. It sums over the classes, so it
 * lies in [0, 2]; for two classes it is twice the binary score of the positive class.
 *
 * @param probabilities examples x classes, row-major, rows summing to 1
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function brierScore(probabilities: Numbers, labels: Labels): number {
  const classes = checkProbabilities(probabilities, labels);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    for (let k = 0; k < classes; k++) {
      const difference = (probabilities[row * classes + k] as number) - (labels[row] === k ? 1 : 0);
      total += difference * difference;
    }
  }
  return total / labels.length;
}
