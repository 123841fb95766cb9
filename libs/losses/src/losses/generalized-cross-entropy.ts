import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { logProbabilities } from '../formulas/log-probabilities';

/**
 * Generalized cross-entropy for noisy labels (Zhang and Sabuncu, NeurIPS 2018): (1 - p_y^q) / q. Alpha is q:
 * at 1 it is the mean absolute error (halved), towards 0 cross-entropy.
 */
export const generalizedCrossEntropy = {
  name: 'generalized_cross_entropy',
  short: 'gce',
  aliases: ['generalised_cross_entropy'],
  type: 'GeneralizedCrossEntropy',
  title: 'Generalized cross-entropy',
  alpha: {
    meaning: 'q',
    symbol: 'q',
    min: 0,
    max: 1,
    example: 0.7,
    atZero: 'cross-entropy',
    grid: [0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1],
  },
  labels: ['classes'],
  closedForm: ({ logits, target, alpha: q }: LossInput): ClosedForm => {
    const logP = logProbabilities(logits);
    const logTrue = target.mul(logP).sum(1, true);
    const value =
      q === 0
        ? logTrue.neg()
        : logTrue
            .mul(q)
            .expm1()
            .mul(-1 / q);
    return { value, gradient: logTrue.mul(q).exp().mul(logP.exp().sub(target)) };
  },
} as const satisfies ClosedFormLoss;
