import { tf } from '@label-relaxation/runtime';
import { type Labels, oneHotLabels } from './labels';

/** A loss and its gradient for each example. */
export interface ClosedForm {
  /** [batch, 1] */
  value: tf.Tensor;
  /** derivative of each example's loss by its own logits, [batch, classes] */
  gradient: tf.Tensor;
}

/**
 * Makes a differentiable loss of a formula that knows its own gradient.
 *
 * Derived op by op, the gradients of these losses would multiply zeros by infinities where a probability is 0 or 1.
 * Only first derivatives by the logits exist; labels are constants.
 *
 * @param formula from logits and one-hot labels, both [batch, classes]
 * @returns the loss of each example, [batch]
 */
export function closedForm(
  logits: tf.Tensor2D,
  labels: Labels,
  formula: (logits: tf.Tensor2D, truth: tf.Tensor2D) => ClosedForm,
): tf.Tensor1D {
  const truth = oneHotLabels(logits, labels);
  const perExample = tf.customGrad((x, save) => {
    const { value, gradient } = formula(x as tf.Tensor2D, truth);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.squeeze(value, [1]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved[0] as tf.Tensor),
    };
  });
  return perExample(logits) as tf.Tensor1D;
}
