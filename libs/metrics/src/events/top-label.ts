import type { Matrix } from '../inputs/matrix';
import { predictedClass, truthOf } from '../inputs/matrix';
import { sumOfExponentials } from '../inputs/rows';
import { floatsLike } from '../inputs/types';
import type { Events } from './events';

/**
 * The event "the predicted class is right": the largest probability of each example, and whether that class is the label, or its
 * share of a soft label. Of equal probabilities the first counts. Checks the values on the way.
 */
export function topLabel(matrix: Matrix): Omit<Events, 'weights'> {
  const { kind, values, classes, examples, labels } = matrix;
  const confidences = kind === 'logits' ? new Float64Array(examples) : floatsLike(values, examples);
  const outcomes = labels === null ? new Float64Array(examples) : new Uint8Array(examples);
  for (let row = 0; row < examples; row++) {
    const best = predictedClass(matrix, row);
    const largest = values[row * classes + best] as number;
    confidences[row] =
      kind === 'logits' ? 1 / sumOfExponentials(values, row * classes, classes, largest) : largest;
    outcomes[row] = truthOf(matrix, row, best);
  }
  return { size: examples, confidences, outcomes };
}
