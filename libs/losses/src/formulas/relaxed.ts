import type { tf } from '@label-relaxation/runtime';
import type { ClosedForm } from '../declaration';
import { splitPrediction } from './log-probabilities';

/**
 * The divergence of a prediction from the nearest distribution that gives a set of classes at least 1 - alpha: with M
 * the prediction's own probability of the set, 0 if M >= 1 - alpha, else
 * (1-alpha) ln((1-alpha)/M) + alpha ln(alpha/(1-M)).
 *
 * @param logits [batch, classes]
 * @param set 1 for the classes of the set and 0 for the others, [batch, classes], no row all 0
 * @param alpha in [0, 1)
 */
export function relaxed(logits: tf.Tensor2D, set: tf.Tensor2D, alpha: number): ClosedForm {
  const { logInside, logOutside, probabilities, amongInside, amongOutside } = splitPrediction(logits, set);
  if (alpha === 0) return { value: logInside.neg(), gradient: probabilities.sub(amongInside) };
  const outside = logInside.less(Math.log1p(-alpha)).cast('float32');
  const onSet = logInside
    .mul(-1)
    .add(Math.log1p(-alpha))
    .mul(1 - alpha);
  const onOthers = logOutside.mul(-1).add(Math.log(alpha)).mul(alpha);
  const nearest = amongInside.mul(1 - alpha).add(amongOutside.mul(alpha));
  return {
    value: outside.mul(onSet.add(onOthers).maximum(0)),
    gradient: outside.mul(probabilities.sub(nearest)),
  };
}
