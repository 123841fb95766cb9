import { tf } from '../src/tensorflow';

/** Numbers of a normal distribution; the same for the same seed, which tfjs takes for none if it is 0. */
export function normal(shape: readonly number[], seed: number): tf.Tensor {
  return tf.randomNormal([...shape], 0, 1, 'float32', seed);
}

/** Compares with what double precision gives, each number to within some of the largest one's digits. */
export function near(values: ArrayLike<number>, expected: Float64Array, tolerance = 3e-6): void {
  expect(values).toHaveLength(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
  expect(error).toBeLessThan(tolerance * scale);
}
