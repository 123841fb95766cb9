import { tf } from '../tensorflow';
import { relu } from './relu';

const x = tf.tensor1d([-2, -0.5, 0, 0.5, 2]);

it('keeps what is above 0', () => {
  expect(relu(x).arraySync()).toEqual([0, 0, 0, 0.5, 2]);
});

it('passes gradients only there', () => {
  const gradient = tf.grad((input) => tf.mul(relu(input), [1, 2, 3, 4, 5]).sum())(x);
  expect(gradient.arraySync()).toEqual([0, 0, 0, 4, 5]);
});

it('keeps NaN', () => {
  expect(relu(tf.tensor1d([NaN])).arraySync()).toEqual([NaN]);
});
