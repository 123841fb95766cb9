import { tf } from '../tensorflow';
import { matMul } from './mat-mul';

const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
const b = tf.tensor2d([1, -1, 0.5, 2, 3, -2, 0, 1, 4, 1, 2, 3], [3, 4]);
const direction = tf.tensor2d([1, 2, 3, 4, -1, -2, -3, -4], [2, 4]);

it('multiplies matrices', () => {
  expect(matMul(a, b).arraySync()).toEqual(tf.matMul(a, b).arraySync());
});

it('has the gradients of the product', () => {
  const gradients = (product: (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor) =>
    tf
      .grads((x: tf.Tensor, y: tf.Tensor) =>
        product(x as tf.Tensor2D, y as tf.Tensor2D)
          .mul(direction)
          .sum(),
      )([a, b])
      .map((gradient) => gradient.arraySync());
  expect(gradients(matMul)).toEqual(gradients(tf.matMul));
});
