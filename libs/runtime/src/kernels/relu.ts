import { op } from '../op';
import { tf } from '../tensorflow';

const FLOAT = { T: { type: 'float32' } } as const;

/** The larger of x and 0, with TensorFlow's own gradient (`ReluGrad`) in place of a product with a step function. */
export function relu<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((input, save) => {
    const [y] = op('Relu', FLOAT, [input as tf.Tensor], 1);
    (save as tf.GradSaveFunc)([y!]);
    return {
      value: y!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => op('ReluGrad', FLOAT, [dy, saved[0]!], 1)[0]!,
    };
  })(x) as T;
}
