import { MetricsError } from '../errors';
import { checkTemperature } from '../inputs/check';
import type { Matrix } from '../inputs/matrix';
import { predictedClass, truthOf } from '../inputs/matrix';
import type { Floats, Labels, Numbers, Weighted } from '../inputs/types';
import { defineMeanScore } from './mean-score';

/** Options of `negativeLogLikelihood`. */
export interface LogLossOptions extends Weighted {
  /** T > 0 that divides the logits; 1 unless given. */
  readonly temperature?: number;
}

/** Weighted sum of a function of each class by the truth, classes without a share left out. */
function overTruth(matrix: Matrix, row: number, loss: (value: number) => number): number {
  const { values, classes, labels } = matrix;
  const start = row * classes;
  if (labels !== null) return loss(values[start + ((labels as Labels)[row] as number)] as number);
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const share = truthOf(matrix, row, k);
    if (share > 0) sum += share * loss(values[start + k] as number);
  }
  return sum;
}

/** Sum of exp((z - maximum) / T) over all logits of a row but the largest: ln(1 + it) keeps the digits of a small loss. */
function othersThan(
  best: number,
  logits: Floats,
  start: number,
  classes: number,
  temperature: number,
): number {
  const largest = logits[start + best] as number;
  let others = 0;
  for (let k = 0; k < classes; k++) {
    if (k !== best) others += Math.exp(((logits[start + k] as number) - largest) / temperature);
  }
  return others;
}

/**
 * Mean negative log-likelihood in nats. Of logits it is -ln softmax(z / T)_y by log-sum-exp, finite at any finite logits; of
 * probabilities it is infinite where the label's is 0, as in PyTorch, while scikit-learn clips at the type's epsilon. Of soft labels
 * it is the cross-entropy. A bare array is taken for logits.
 */
export const negativeLogLikelihood = defineMeanScore<LogLossOptions, Numbers>({
  name: 'negativeLogLikelihood',
  bare: 'logits',
  ofClasses: (matrix, { temperature = 1 }) => {
    checkTemperature(temperature);
    const { kind, values, classes } = matrix;
    if (kind === 'probabilities') {
      if (temperature !== 1)
        throw new MetricsError('temperature divides logits, but these are probabilities');
      return (row) => {
        predictedClass(matrix, row);
        return overTruth(matrix, row, (probability) => -Math.log(probability));
      };
    }
    return (row) => {
      const start = row * classes;
      const best = predictedClass(matrix, row);
      const largest = values[start + best] as number;
      const normaliser = Math.log1p(othersThan(best, values, start, classes, temperature));
      return overTruth(matrix, row, (logit) => (largest - logit) / temperature + normaliser);
    };
  },
  ofEvent: (confidence, outcome) =>
    (outcome > 0 ? -outcome * Math.log(confidence) : 0) -
    (outcome < 1 ? (1 - outcome) * Math.log1p(-Math.min(confidence, 1)) : 0),
});
