import { tf } from '@label-relaxation/runtime';

/** Log-probabilities stop here, far below any that a float32 logit can give without overflow, to stay finite. */
const LOWEST = -1e30;

/** Further down than `LOWEST`: what removes a class from a maximum and from a sum of exponentials. */
const REMOVED = -1e32;

/** ln p for each class, as [batch, classes]: the softmax's logarithm, computed from logits and never infinite. */
export function logProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  const shifted = tf.maximum(tf.sub(logits, tf.max(logits, 1, true)), LOWEST);
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
}

/** What a loss of the true class needs, without the cancellation of computing 1 - p. */
export interface TrueClass {
  /** ln p_y, [batch, 1]. */
  logTrue: tf.Tensor2D;
  /** ln(1 - p_y), [batch, 1]: a log-sum-exp over the other classes. */
  logOthers: tf.Tensor2D;
  /** p, [batch, classes]. */
  probabilities: tf.Tensor2D;
  /** p given that the class isn't y, [batch, classes]: 0 at y, the rest sums to 1. */
  amongOthers: tf.Tensor2D;
}

/**
 * Splits each prediction into the true class and the others.
 *
 * @param logits [batch, classes]
 * @param truth one-hot labels, [batch, classes]
 */
export function splitTrueClass(logits: tf.Tensor2D, truth: tf.Tensor2D): TrueClass {
  const logP = logProbabilities(logits);
  const others = tf.add(logP, tf.mul(truth, REMOVED));
  const highest = tf.max(others, 1, true);
  const logOthers: tf.Tensor2D = tf.add(
    highest,
    tf.log(tf.sum(tf.exp(tf.sub(others, highest)), 1, true)),
  ) as tf.Tensor2D;
  return {
    logTrue: tf.sum(tf.mul(truth, logP), 1, true),
    logOthers,
    probabilities: tf.exp(logP),
    amongOthers: tf.exp(tf.sub(others, logOthers) as tf.Tensor2D),
  };
}
