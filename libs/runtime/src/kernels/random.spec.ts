import { fixture, worst } from '../../test/kernels-fixture';
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
