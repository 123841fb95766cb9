import { batchNorm, type BatchNormOptions } from '../src/kernels/batch-norm';
import { relu } from '../src/kernels/relu';
import { tf } from '../src/tensorflow';

/** The numbers of channels that the layers of a dense block see whose parts have these. */
export function totalsOf(channels: readonly number[]): number[] {
  return channels.map((_, i) => channels.slice(0, i + 1).reduce((sum, count) => sum + count));
}

/** Gamma, beta, moving mean and moving variance of a batch-norm over each of these numbers of channels. */
export function makeVariables(channels: readonly number[]): tf.Variable[] {
  return channels.flatMap((size, i) =>
    [1, 0, 0, 1].map((start, j) =>
      tf.variable(tf.randomUniform([size], start, start + 0.5, 'float32', 10 * i + j)),
    ),
  );
}

/** The sum of squares of an image that the batch-norm of this number normalises. */
export function normalised(
  variables: readonly tf.Variable[],
  i: number,
  image: tf.Tensor,
  options: BatchNormOptions,
): tf.Tensor {
  const [gamma, beta, movingMean, movingVariance] = variables.slice(4 * i) as [
    tf.Variable,
    tf.Variable,
    tf.Variable,
    tf.Variable,
  ];
  const norm = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, movingMean, movingVariance };
  return relu(batchNorm(image, norm, options))
    .square()
    .sum();
}

/** A dense block: each layer normalises the concatenation of all parts before it. */
export function block(
  variables: readonly tf.Variable[],
  x: tf.Tensor,
  channels: readonly number[],
  options: BatchNormOptions,
): tf.Tensor {
  const images = tf.split(x, [...channels], 3) as tf.Tensor4D[];
  let all = images[0]!;
  const sums = channels.map((_, i) => {
    if (i > 0) all = tf.concat([all, images[i]!], 3);
    return normalised(variables, i, all, options);
  });
  return tf.addN(sums);
}
