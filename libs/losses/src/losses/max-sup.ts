import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { firstLargest, logProbabilities } from '../formulas/log-probabilities';

/**
 * Max suppression (MaxSup, NeurIPS 2025, arXiv 2502.15798): cross-entropy + alpha (the largest logit - the mean logit).
 * It is label smoothing whose penalty falls on the predicted class, whether or not that is the true one. Of several
 * largest logits the first counts.
 */
export const maxSup = {
  name: 'max_sup',
  short: 'max_sup',
  type: 'MaxSup',
  title: 'MaxSup',
  alpha: {
    meaning: 'lambda',
    symbol: 'λ',
    min: 0,
    example: 0.1,
    atZero: 'cross-entropy',
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  labels: ['classes', 'distributions'],
  closedForm: ({ logits, target, alpha: lambda }: LossInput): ClosedForm => {
    const logP = logProbabilities(logits);
    const predicted = firstLargest(logits);
    const highest = logits.max(1, true);
    const crossEntropy = target.mul(logP).sum(1, true).neg();
    return {
      value: crossEntropy.add(highest.sub(logits).mean(1, true).mul(lambda)),
      gradient: logP
        .exp()
        .sub(target)
        .add(predicted.sub(1 / logits.shape[1]).mul(lambda)),
    };
  },
} as const satisfies ClosedFormLoss;
