import { currentStepSeed } from '../random-step';
import { tf } from '../tensorflow';
import { statelessUniform } from './random';

/** The golden ratio's bits, odd: consecutive layers get seeds far from each other. */
const STRIDE = 0x9e3779b1;

/**
 * Sets each value to 0 with probability `rate` and multiplies the others by 1 / (1 - rate).
 *
 * The mask is a function of the run's seed, the step and the layer, through `withRandomStep`: a resumed run draws what
 * it would have drawn, and a compiled step draws what an eager one does.
 *
 * @param x float32, any shape
 * @param rate share of values to drop, in [0, 1)
 * @param layer number of the dropout layer within its network
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, layer: number): T {
  if (rate === 0) return x;
  return tf.mul(x, dropoutFactors(x.shape, rate, layer)) as T;
}

/** What `dropout` multiplies by: 0 with probability `rate`, 1 / (1 - rate) otherwise. */
export function dropoutFactors(shape: number[], rate: number, layer: number): tf.Tensor {
  const seed: tf.Tensor1D = tf.add(
    currentStepSeed(),
    tf.tensor1d([Math.imul(layer + 1, STRIDE), 0], 'int32'),
  );
  const kept = tf.cast(tf.greaterEqual(statelessUniform(shape, seed), rate), 'float32');
  return tf.mul(kept, 1 / (1 - rate));
}
