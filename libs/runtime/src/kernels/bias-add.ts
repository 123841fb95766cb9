import { op } from '../op';
import { tf } from '../tensorflow';

const ATTRIBUTES = { T: { type: 'float32' }, data_format: 'NHWC' } as const;

/**
 * Adds a bias to the last dimension; the bias's gradient is one op (`BiasAddGrad`).
 *
 * @param x float32, [..., channels]
 * @param bias float32, [channels]
 */
export function biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor): T {
  return tf.customGrad((input, b) => ({
    value: op('BiasAdd', ATTRIBUTES, [input as tf.Tensor, b as tf.Tensor], 1)[0]!,
    gradFunc: (dy: tf.Tensor) => [dy, op('BiasAddGrad', ATTRIBUTES, [dy], 1)[0]!],
  }))(x, bias) as T;
}
