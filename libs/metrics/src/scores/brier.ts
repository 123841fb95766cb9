import { predictedClass, truthOf } from '../inputs/matrix';
import { sumOfExponentials } from '../inputs/rows';
import type { Numbers, Weighted } from '../inputs/types';
import { defineMeanScore } from './mean-score';

/**
 * Multiclass Brier score (Brier 1950): the mean over examples of sum_k (p_k - [y = k])^2. It sums over the classes, so it
 * lies in [0, 2], as scikit-learn's with `scale_by_half=False` and probmetrics'; for two classes it is twice the binary score of the
 * positive class, which is what `{ event }` gets. Of soft labels it is the squared distance to the label. A bare array is taken
 * for probabilities.
 */
export const brierScore = defineMeanScore<Weighted, Numbers>({
  name: 'brierScore',
  bare: 'probabilities',
  ofClasses: (matrix) => {
    const { kind, values, classes } = matrix;
    return (row) => {
      const start = row * classes;
      const largest = values[start + predictedClass(matrix, row)] as number;
      const sum = kind === 'logits' ? sumOfExponentials(values, start, classes, largest) : 1;
      let score = 0;
      for (let k = 0; k < classes; k++) {
        const value = values[start + k] as number;
        const probability = kind === 'logits' ? Math.exp(value - largest) / sum : value;
        score += (probability - truthOf(matrix, row, k)) ** 2;
      }
      return score;
    };
  },
  ofEvent: (confidence, outcome) => (confidence - outcome) ** 2,
});
