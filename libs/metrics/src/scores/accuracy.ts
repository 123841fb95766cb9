import { predictedClass, truthOf } from '../inputs/matrix';
import type { Numbers, Weighted } from '../inputs/types';
import { defineMeanScore } from './mean-score';

/**
 * Share of examples whose largest value is in the label's column, in [0, 1]; of equal values the first counts, as in NumPy's argmax.
 * Of soft labels it is the label's mean share of the predicted class. A bare array may hold probabilities or logits: the order is
 * all that matters.
 */
export const accuracy = defineMeanScore<Weighted, Numbers>({
  name: 'accuracy',
  bare: 'logits',
  ofClasses: (matrix) => (row) => truthOf(matrix, row, predictedClass(matrix, row)),
  ofEvent: null,
});
