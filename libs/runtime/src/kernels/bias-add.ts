import { op } from '../op';
import { tf } from '../tensorflow';

const ATTRIBUTES = { T: { type: 'float32' }, data_format: 'NHWC' } as const;

/**
 * Adds a bias to the last dimension; the bias's gradient is one op, `BiasAddGrad` or a sum.
 *
 * @param x float32, [..., channels]
 * @param bias float32, [channels]
 * @param sums whether the gradient is a sum, which isn't made one op with a convolution's gradient by its filter
 */
export function biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor, sums = false): T {
  const gradient = (dy: tf.Tensor): tf.Tensor =>
    sums
      ? tf.sum(
          dy,
          dy.shape.slice(0, -1).map((_, axis) => axis),
        )
      : op('BiasAddGrad', ATTRIBUTES, [dy], 1)[0]!;
  return tf.customGrad((input, b) => ({
    value: op('BiasAdd', ATTRIBUTES, [input as tf.Tensor, b as tf.Tensor], 1)[0]!,
    gradFunc: (dy: tf.Tensor) => [dy, gradient(dy)],
  }))(x, bias) as T;
}
