import { op } from '../op';
import { tf } from '../tensorflow';

/**
 * The product of two matrices as TensorFlow's `MatMul`, which the graph optimiser can fuse with a bias and a
 * rectifier (tfjs-node's own is `BatchMatMulV2`).
 *
 * @param a float32, [n, k]
 * @param b float32, [k, m]
 * @returns [n, m]
 */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((left, right, save) => {
    const [x, y] = [left as tf.Tensor, right as tf.Tensor];
    (save as tf.GradSaveFunc)([x, y]);
    return {
      value: multiply(x, y, false, false),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        multiply(dy, saved[1]!, false, true),
        multiply(saved[0]!, dy, true, false),
      ],
    };
  })(a, b) as tf.Tensor2D;
}

/** The product of two matrices, either of them transposed before, without a gradient. */
function multiply(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  const attributes = { T: { type: 'float32' }, transpose_a: transposeA, transpose_b: transposeB } as const;
  return op('MatMul', attributes, [a, b], 1)[0]!;
}
