import { op } from '../op';
import { tf } from '../tensorflow';

/**
 * Uniform random numbers in [0, 1), float32, a function of the seed alone.
 *
 * @param seed int32, [2]
 */
export function statelessUniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return draw('StatelessRandomUniform', shape, seed);
}

/**
 * Random numbers of the standard normal distribution cut off at 2 standard deviations, float32, a function of the seed
 * alone.
 *
 * @param seed int32, [2]
 */
export function statelessTruncatedNormal(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return draw('StatelessTruncatedNormal', shape, seed);
}

function draw(name: string, shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  const attributes = { dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } } as const;
  return op(name, attributes, [tf.tensor1d([...shape], 'int32'), seed], 1)[0]!;
}
