import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { logProbabilities } from '../formulas/log-probabilities';

/**
 * Confidence penalty (Pereyra et al., ICLR 2017 workshop, equation 3): cross-entropy - alpha H(p), which rewards
 * predictions of high entropy H. (The original study's code adds alpha H instead.)
 */
export const confidencePenalty = {
  name: 'confidence_penalty',
  short: 'conf_pen',
  type: 'ConfidencePenalty',
  title: 'Confidence penalty',
  alpha: {
    meaning: 'beta',
    symbol: 'β',
    min: 0,
    example: 0.1,
    atZero: 'cross-entropy',
    grid: [0.1, 0.3, 0.5, 1, 2, 4, 8],
  },
  labels: ['classes', 'distributions'],
  closedForm: ({ logits, target, alpha: beta }: LossInput): ClosedForm => {
    const logP = logProbabilities(logits);
    const p = logP.exp();
    const crossEntropy = target.mul(logP).sum(1, true).neg();
    const entropy = p.mul(logP).sum(1, true).neg();
    return {
      value: crossEntropy.sub(entropy.mul(beta)),
      gradient: p.sub(target).add(p.mul(logP.add(entropy)).mul(beta)),
    };
  },
} as const satisfies ClosedFormLoss;
