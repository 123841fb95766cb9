import type { Labels, Numbers } from './inputs';
import { checkRows } from './inputs';
import { argmax } from './rows';

/**
 * Share of examples whose largest value is in the label's column, in [0, 1]; of equal values the first counts.
 *
 * @param scores examples x classes, row-major: probabilities or logits, the order is all that matters
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, values that are not finite, labels out of range
 */
export function accuracy(scores: Numbers, labels: Labels): number {
  const classes = checkRows(scores, labels, 'scores');
  let correct = 0;
  for (let row = 0; row < labels.length; row++) if (argmax(scores, row, classes) === labels[row]) correct++;
  return correct / labels.length;
}
