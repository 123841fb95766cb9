import { fixture, worst } from '../../test/kernels-fixture';
import { tf } from '../tensorflow';
import { conv2d } from './conv2d';

it.each(fixture.conv2d)(
  'is TensorFlow’s at $shape, $filterShape, strides $strides, $padding',
  (reference) => {
    const { strides, padding } = reference;
    const x = tf.tensor4d(reference.x, reference.shape);
    const filter = tf.tensor4d(reference.filter, reference.filterShape);
    const bias = tf.tensor1d(reference.bias);
    const convolve = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor1D, { strides, padding });

    const y = convolve(x, filter, bias);
    expect(y.shape).toEqual(reference.outShape);
    expect(worst(y.dataSync(), reference.y)).toBeLessThan(1e-6);

    const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      convolve(a, b, c).square().sum(),
    )([x, filter, bias]);
    gradients.forEach((gradient, i) => {
      expect(worst(gradient.dataSync(), reference.gradients[i] as number[])).toBeLessThan(1e-5);
    });
  },
);

it('does without a bias, with stride 1 and VALID by default', () => {
  const x = tf.ones([1, 4, 4, 1]) as tf.Tensor4D;
  const y = conv2d(x, tf.ones([3, 3, 1, 1]), null);
  expect(y.shape).toEqual([1, 2, 2, 1]);
  expect([...y.dataSync()]).toEqual([9, 9, 9, 9]);
});
