import { fixture, worst } from '../../test/kernels-fixture';
import { compile } from '../program/program';
import { tf } from '../tensorflow';
import { statelessTruncatedNormal, statelessUniform } from './random';

it('draws TensorFlow’s uniform numbers', () => {
  const { shape, seed, values } = fixture.uniform;
  const drawn = statelessUniform(shape, tf.tensor1d(seed, 'int32'));
  expect(drawn.shape).toEqual(shape);
  expect(worst(drawn.dataSync(), values)).toBeLessThan(1e-7);
});

it('draws TensorFlow’s truncated normal numbers', () => {
  const { shape, seed, values } = fixture.truncatedNormal;
  expect(worst(statelessTruncatedNormal(shape, tf.tensor1d(seed, 'int32')).dataSync(), values)).toBeLessThan(
    1e-6,
  );
});

it.each([[1], [31], [32], [33], [3, 5, 7], [100_003]])(
  'draws the same in a compiled program: %p',
  async (...shape) => {
    const program = await compile({
      variables: [],
      entries: {
        draw: {
          inputs: { seed: { dtype: 'int32', shape: [2] } },
          fn: ({ seed }) => ({ values: statelessUniform(shape, seed as tf.Tensor1D) }),
        },
      },
    });
    for (const seed of [
      [0, 0],
      [7, -3],
      [-2147483648, 2147483647],
    ]) {
      const { values } = program.run('draw', { seed: Int32Array.from(seed) });
      expect(values).toEqual(statelessUniform(shape, tf.tensor1d(seed, 'int32')).dataSync());
    }
    program.dispose();
  },
);
