import { tf } from '@label-relaxation/runtime';
import { checkAlpha } from './alpha';
import { closedForm } from './closed-form';
import type { Labels } from './labels';
import { logProbabilities } from './log-probabilities';
import { type LossOptions, type Reduced, type Reduction, reduce } from './reduction';

/**
 * Confidence penalty (Pereyra et al., ICLR 2017 workshop, equation 3): cross-entropy - beta H(p), which rewards
 * predictions of high entropy H. (The original study's code adds beta H instead.)
 *
 * @param logits float32, [batch, classes]
 * @param labels int32 class numbers, [batch], or one-hot rows, [batch, classes]
 * @param beta weight of the entropy, 0 or more; 0 is cross-entropy
 * @throws LossError if beta is out of range or the shapes don't fit
 */
export function confidencePenalty<R extends Reduction = 'mean'>(
  logits: tf.Tensor2D,
  labels: Labels,
  beta: number,
  options: LossOptions<R> = {},
): Reduced<R> {
  checkAlpha('confidence_penalty', beta);
  return tf.tidy(() => {
    const losses = closedForm(logits, labels, (x, truth) => {
      const logP = logProbabilities(x);
      const p = tf.exp(logP);
      const crossEntropy = tf.neg(tf.sum(tf.mul(truth, logP), 1, true));
      const entropy = tf.neg(tf.sum(tf.mul(p, logP), 1, true));
      return {
        value: tf.sub(crossEntropy, tf.mul(entropy, beta)),
        gradient: tf.add(tf.sub(p, truth), tf.mul(tf.mul(p, tf.add(logP, entropy)), beta)),
      };
    });
    return reduce(losses, options);
  });
}
