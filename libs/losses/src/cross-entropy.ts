import { tf } from '@label-relaxation/runtime';
import { checkAlpha } from './alpha';
import { closedForm } from './closed-form';
import type { Labels } from './labels';
import { logProbabilities } from './log-probabilities';
import { type LossOptions, type Reduced, type Reduction, reduce } from './reduction';

/**
 * Cross-entropy, with label smoothing (Szegedy et al., CVPR 2016, section 7) if `smoothing` isn't 0: the target is
 * 1 - smoothing on the true class plus smoothing / classes on every class, the true one included.
 *
 * @param logits float32, [batch, classes]
 * @param labels int32 class numbers, [batch], or one-hot rows, [batch, classes]
 * @param smoothing the share that is spread over all classes, in [0, 1)
 * @throws LossError if smoothing is out of range or the shapes don't fit
 */
export function crossEntropy<R extends Reduction = 'mean'>(
  logits: tf.Tensor2D,
  labels: Labels,
  smoothing = 0,
  options: LossOptions<R> = {},
): Reduced<R> {
  checkAlpha('cross_entropy', smoothing);
  return tf.tidy(() => {
    const losses = closedForm(logits, labels, (x, truth) => {
      const logP = logProbabilities(x);
      const target = smoothedTarget(truth, smoothing);
      return {
        value: tf.neg(tf.sum(tf.mul(target, logP), 1, true)),
        gradient: tf.sub(tf.exp(logP), target),
      };
    });
    return reduce(losses, options);
  });
}

/** One-hot rows, [batch, classes], with `smoothing` of each row's mass spread evenly over all classes. */
export function smoothedTarget(truth: tf.Tensor2D, smoothing: number): tf.Tensor2D {
  if (smoothing === 0) return truth;
  return tf.add(tf.mul(truth, 1 - smoothing), smoothing / truth.shape[1]);
}
