import type { tf } from '@label-relaxation/runtime';
import type { ClosedForm, ClosedFormLoss, LossInput } from '../declaration';
import { logProbabilities } from '../formulas/log-probabilities';

/**
 * Cross-entropy, with label smoothing (Szegedy et al., CVPR 2016, section 7) where alpha isn't 0: the target is
 * 1 - alpha times the label plus alpha / classes on every class, the true one included.
 */
export const crossEntropy = {
  name: 'cross_entropy',
  short: 'ce',
  type: 'CategoricalCrossentropy',
  title: 'Cross-entropy',
  alpha: {
    meaning: 'smoothing',
    symbol: 'α',
    title: 'Label smoothing',
    min: 0,
    below: 1,
    example: 0,
    grid: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4],
  },
  labels: ['classes', 'distributions'],
  closedForm: ({ logits, target, alpha }: LossInput): ClosedForm => {
    const logP = logProbabilities(logits);
    const smoothed = smoothedTarget(target, alpha);
    return { value: smoothed.mul(logP).sum(1, true).neg(), gradient: logP.exp().sub(smoothed) };
  },
} as const satisfies ClosedFormLoss;

/** Rows that sum to 1, [batch, classes], with `smoothing` of each row's mass spread evenly over all classes. */
export function smoothedTarget(target: tf.Tensor2D, smoothing: number): tf.Tensor2D {
  if (smoothing === 0) return target;
  return target.mul(1 - smoothing).add(smoothing / target.shape[1]);
}
