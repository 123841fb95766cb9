import { tf } from '@label-relaxation/runtime';
import type { ClosedForm } from './declaration';

/**
 * Makes a differentiable loss of a formula that knows its own gradient.
 *
 * Derived op by op, the gradients of these losses would multiply zeros by infinities where a probability is 0 or 1.
 * Only first derivatives by the logits exist; labels are constants.
 *
 * @param formula from logits, [batch, classes]
 * @returns the loss of each example, [batch]
 */
export function closedForm(logits: tf.Tensor2D, formula: (logits: tf.Tensor2D) => ClosedForm): tf.Tensor1D {
  const perExample = tf.customGrad((x, save) => {
    const { value, gradient } = formula(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.squeeze(value, [1]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved[0] as tf.Tensor),
    };
  });
  return perExample(logits) as tf.Tensor1D;
}
