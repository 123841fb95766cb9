import { batchNorm, type BatchNormOptions } from '../src/kernels/batch-norm';
import { relu } from '../src/kernels/relu';
import { compile } from '../src/program/program';
import { tf } from '../src/tensorflow';
import type { EntryPoint } from '../src/trace/entry-point';

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

/** A dense block and its gradient by x as a function to be compiled, of images of 4x3. */
export function blockEntry(
  variables: readonly tf.Variable[],
  channels: readonly number[],
  options: BatchNormOptions,
): EntryPoint {
  return {
    inputs: { x: { dtype: 'float32', shape: ['batch', 4, 3, totalsOf(channels).at(-1)!] } },
    fn: ({ x }) => blockAndGradient(variables, x!, channels, options),
  };
}

/** Expects of a compiled dense block what each layer computes by itself, and the same variables after all batches. */
export async function expectSameBlock(
  channels: readonly number[],
  options: BatchNormOptions,
  batches: readonly number[],
): Promise<void> {
  const totals = totalsOf(channels);
  const [eager, compiled] = [makeVariables(totals), makeVariables(totals)];
  const entries = { main: blockEntry(compiled, channels, options) };
  const program = await compile({ variables: compiled, entries });
  for (const size of batches) {
    const x = tf.randomNormal([size, 4, 3, totals.at(-1)!], 0.3, 2, 'float32', size);
    const expected = blockAndGradient(eager, x, channels, options);
    const { value, grad } = program.run('main', { x: x.dataSync<'float32'>() });
    expect(value![0]! / expected.value.dataSync()[0]!).toBeCloseTo(1, 5);
    expected.grad.dataSync().forEach((number, i) => expect(grad![i]).toBeCloseTo(number, 3));
  }
  program.read().forEach((values, i) => {
    eager[i]!.dataSync().forEach((number, j) => expect(values[j]).toBeCloseTo(number, 5));
  });
  program.dispose();
}

function blockAndGradient(
  variables: readonly tf.Variable[],
  x: tf.Tensor,
  channels: readonly number[],
  options: BatchNormOptions,
): { value: tf.Tensor; grad: tf.Tensor } {
  return tf.valueAndGrad((image: tf.Tensor) => block(variables, image, channels, options))(x);
}
