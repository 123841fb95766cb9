import { tf } from '@label-relaxation/runtime';
import { checkAlpha } from './alpha';
import { closedForm } from './closed-form';
import type { Labels } from './labels';
import { splitTrueClass } from './log-probabilities';
import { type LossOptions, type Reduced, type Reduction, reduce } from './reduction';

/**
 * Focal loss (Lin et al., ICCV 2017, equation 4) for exclusive classes: -(1 - p_y)^gamma ln p_y.
 *
 * @param logits float32, [batch, classes]
 * @param labels int32 class numbers, [batch], or one-hot rows, [batch, classes]
 * @param gamma how strongly easy examples are played down, 0 or more; 0 is cross-entropy
 * @throws LossError if gamma is out of range or the shapes don't fit
 */
export function focal<R extends Reduction = 'mean'>(
  logits: tf.Tensor2D,
  labels: Labels,
  gamma: number,
  options: LossOptions<R> = {},
): Reduced<R> {
  checkAlpha('focal', gamma);
  return tf.tidy(() => {
    const losses = closedForm(logits, labels, (x, truth) => {
      const { logTrue, logOthers, probabilities, amongOthers } = splitTrueClass(x, truth);
      const factor = tf.neg(tf.exp(tf.mul(logOthers, gamma)));
      const byLogTrue = tf.sub(truth, probabilities);
      const byLogOthers = tf.sub(amongOthers, probabilities);
      return {
        value: tf.mul(factor, logTrue),
        gradient: tf.mul(factor, tf.add(byLogTrue, tf.mul(tf.mul(logTrue, gamma), byLogOthers))),
      };
    });
    return reduce(losses, options);
  });
}
