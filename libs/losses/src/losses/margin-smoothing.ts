import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { firstLargest, logProbabilities } from '../formulas/log-probabilities';

/**
 * Margin-based label smoothing, MbLS (Liu et al., CVPR 2022): cross-entropy
 * + alpha sum_k max(0, max_j z_j - z_k - margin), which leaves alone what label smoothing draws together: logits that
 * are no further than the margin from the largest. (The authors' code takes the mean over classes: its 0.1 is our
 * 0.1 / classes.) Of several largest logits the first gets the gradient.
 */
export const marginSmoothing = {
  name: 'margin_smoothing',
  short: 'margin_smoothing',
  aliases: ['mbls'],
  type: 'MarginSmoothing',
  title: 'Margin-based label smoothing',
  alpha: {
    meaning: 'lambda',
    symbol: 'λ',
    min: 0,
    example: 0.1,
    atZero: 'cross-entropy',
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  parameters: {
    margin: { min: 0, default: 10, help: 'how far below the largest logit a logit may be unpunished' },
  },
  labels: ['classes', 'distributions'],
  closedForm: ({ logits, target, alpha: lambda, parameters: { margin = 0 } }: LossInput): ClosedForm => {
    const logP = logProbabilities(logits);
    const predicted = firstLargest(logits);
    const beyond = logits.max(1, true).sub(logits).sub(margin);
    const punished = beyond.greater(0).cast('float32');
    const byLogits = predicted.mul(punished.sum(1, true)).sub(punished);
    const crossEntropy = target.mul(logP).sum(1, true).neg();
    return {
      value: crossEntropy.add(beyond.maximum(0).sum(1, true).mul(lambda)),
      gradient: logP.exp().sub(target).add(byLogits.mul(lambda)),
    };
  },
} as const satisfies ClosedFormLoss;
