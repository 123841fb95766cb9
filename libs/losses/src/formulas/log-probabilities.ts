import type { tf } from '@label-relaxation/runtime';

/** Log-probabilities stop here, far below any that a float32 logit can give without overflow, to stay finite. */
export const LOWEST = -1e30;

/** Further down than `LOWEST`: what removes a class from a maximum and from a sum of exponentials. */
export const REMOVED = -1e32;

/** ln p for each class, as [batch, classes]: the softmax's logarithm, computed from logits and never infinite. */
export function logProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  const shifted = logits.sub(logits.max(1, true)).maximum(LOWEST);
  return shifted.sub(shifted.exp().sum(1, true).log());
}

/** The first of the largest numbers of each row as a one-hot row, [batch, classes]. */
export function firstLargest(rows: tf.Tensor2D): tf.Tensor2D {
  return rows.argMax(1).oneHot(rows.shape[1], 1, 0).cast('float32');
}

/** A prediction split into a set of classes and the others, without the cancellation of computing 1 - p. */
export interface SplitPrediction {
  /** ln p, [batch, classes]. */
  readonly logP: tf.Tensor2D;
  /** p, [batch, classes]. */
  readonly probabilities: tf.Tensor2D;
  /** ln of the set's probability, [batch, 1]. */
  readonly logInside: tf.Tensor2D;
  /** ln of the others' probability, [batch, 1]; as good as minus infinity where there are none. */
  readonly logOutside: tf.Tensor2D;
  /** p given that the class is in the set, [batch, classes]: 0 outside of it, the rest sums to 1. */
  readonly amongInside: tf.Tensor2D;
  /** p given that the class isn't in the set, [batch, classes]. */
  readonly amongOutside: tf.Tensor2D;
}

/**
 * Splits each prediction into a set of classes and the others.
 *
 * @param logits [batch, classes]
 * @param set 1 for the classes of the set and 0 for the others, [batch, classes], no row all 0: one-hot labels, say
 */
export function splitPrediction(logits: tf.Tensor2D, set: tf.Tensor2D): SplitPrediction {
  const logP = logProbabilities(logits);
  const inside = logSumAmong(logP, set.mul(-1).add(1));
  const outside = logSumAmong(logP, set);
  return {
    logP,
    probabilities: logP.exp(),
    logInside: inside.logSum,
    logOutside: outside.logSum,
    amongInside: inside.shares,
    amongOutside: outside.shares,
  };
}

/** ln of the sum of probabilities, [batch, 1], and each one's share of it, without the removed classes. */
function logSumAmong(logP: tf.Tensor2D, removed: tf.Tensor2D): { logSum: tf.Tensor2D; shares: tf.Tensor2D } {
  const kept: tf.Tensor2D = logP.add(removed.mul(REMOVED));
  const highest: tf.Tensor2D = kept.max(1, true);
  const logSum: tf.Tensor2D = highest.add(kept.sub(highest).exp().sum(1, true).log());
  return { logSum, shares: kept.sub<tf.Tensor2D>(logSum).exp() };
}
