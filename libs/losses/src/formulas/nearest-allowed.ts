import type { tf } from '@label-relaxation/runtime';
import type { ClosedForm } from '../declaration';
import { LossError } from '../errors';
import { logProbabilities, REMOVED } from './log-probabilities';

/** The most classes: a matrix of them by themselves for each example takes 4 MB. */
const MOST_CLASSES = 1000;

/** Stands for 0 where a logarithm is taken. */
const TINY = 1e-37;

/**
 * The divergence of a prediction p from the nearest distribution q that possibilities pi allow, and its gradient p - q
 * by the logits. Both are exactly 0 where p is allowed.
 *
 * Possibilities allow the distributions that give every set of classes at most the largest possibility among them. Put
 * the classes in rising order of pi, ties as one, and pi over the cumulated p: the greatest convex minorant of these
 * points and of (0, 0) has the slopes q_k / p_k (Lienen, Demir and Hüllermeier, COPA 2023, find them class by class). By
 * the max-min formula of isotonic regression the slope at class k is that of the steepest, over the classes a with
 * pi_a <= pi_k, of the flattest lines from just before a to the end of a class b with pi_b >= pi_a:
 *
 *     q_k / p_k = max_a min_b (pi_b - pi before a) / (sum of p from a to b)
 *
 * The sums are taken relative to the largest p from a on, so that nothing cancels or underflows. Memory grows with the
 * square of the number of classes.
 *
 * @param logits [batch, classes]
 * @param possibilities in [0, 1], [batch, classes], the largest of each row 1
 * @throws LossError for more than 1000 classes
 */
export function nearestAllowed(logits: tf.Tensor2D, possibilities: tf.Tensor2D): ClosedForm {
  const classes = logits.shape[1];
  if (classes > MOST_CLASSES) {
    throw new LossError(
      `The credal loss takes at most ${MOST_CLASSES} classes, not ${classes}: its memory grows with their square.`,
    );
  }
  const logP = logProbabilities(logits);
  const p = logP.exp();
  const ofFirst = possibilities.expandDims(2);
  const ofSecond = possibilities.expandDims(1);
  // Matrices [batch, a, b] of two classes: whether pi_b >= pi_a, and the opposite.
  const notBelow = ofSecond.greaterEqual(ofFirst).cast('float32');
  const below = ofSecond.less(ofFirst).cast('float32');

  const kept = logP.expandDims(1).add(below.mul(REMOVED));
  const relative = kept.sub(kept.max(2, true));
  const sums = relative.exp().matMul(notBelow);
  const rises = ofSecond.sub(below.mul(ofSecond).max(2, true));
  const slopes = rises.maximum(TINY).log().sub(sums.maximum(TINY).log());
  const flattest = slopes.sub(below.mul(REMOVED)).min(2, true);
  const logNearest = flattest.add(relative).max(1);

  const nearest = logNearest.exp();
  const cumulated = p.expandDims(1).matMul(notBelow).squeeze([1]);
  const excess = cumulated.sub(possibilities).mul(possibilities.less(1).cast('float32'));
  const outside = excess.max(1, true).greater(0).cast('float32');
  const divergence = nearest.mul(logNearest.sub(logP)).sum(1, true);
  return {
    value: outside.mul(divergence.maximum(0)),
    gradient: outside.mul(p.sub(nearest)),
  };
}
