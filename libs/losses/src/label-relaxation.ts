import { tf } from '@label-relaxation/runtime';
import { checkAlpha } from './alpha';
import { closedForm } from './closed-form';
import { crossEntropy } from './cross-entropy';
import type { Labels } from './labels';
import { splitTrueClass } from './log-probabilities';
import { type LossOptions, type Reduced, type Reduction, reduce } from './reduction';

/**
 * Label relaxation (Lienen and Hüllermeier, AAAI 2021, equations 6 to 8): the Kullback-Leibler divergence of the
 * prediction p from the nearest member of the credal set of all distributions that give the true class y at least
 * 1 - alpha.
 *
 * That member is p itself if p_y >= 1 - alpha: loss and gradient are exactly 0. Otherwise it gives y exactly
 * 1 - alpha and shares alpha among the others in proportion to p; the loss is then
 * (1-alpha) ln((1-alpha)/p_y) + alpha ln(alpha/(1-p_y)), and its gradient by the logits is p minus that member.
 *
 * @param logits float32, [batch, classes]
 * @param labels int32 class numbers, [batch], or one-hot rows, [batch, classes]
 * @param alpha how much the labels are relaxed, in [0, 1); 0 is cross-entropy
 * @throws LossError if alpha is out of range or the shapes don't fit
 */
export function labelRelaxation<R extends Reduction = 'mean'>(
  logits: tf.Tensor2D,
  labels: Labels,
  alpha: number,
  options: LossOptions<R> = {},
): Reduced<R> {
  checkAlpha('label_relaxation', alpha);
  if (alpha === 0) return crossEntropy(logits, labels, 0, options);
  return tf.tidy(() => {
    const losses = closedForm(logits, labels, (x, truth) => {
      const { logTrue, logOthers, probabilities, amongOthers } = splitTrueClass(x, truth);
      const outside = tf.cast(tf.less(logTrue, Math.log1p(-alpha)), 'float32');
      const onTrue = tf.mul(tf.sub(Math.log1p(-alpha), logTrue), 1 - alpha);
      const onOthers = tf.mul(tf.sub(Math.log(alpha), logOthers), alpha);
      const nearest = tf.add(tf.mul(truth, 1 - alpha), tf.mul(amongOthers, alpha));
      return {
        value: tf.mul(outside, tf.maximum(tf.add(onTrue, onOthers), 0)),
        gradient: tf.mul(outside, tf.sub(probabilities, nearest)),
      };
    });
    return reduce(losses, options);
  });
}
