import { tf } from '@label-relaxation/runtime';
import { crossEntropy } from './batch-loss';
import { reduce } from './reduction';

const losses = tf.tensor1d([1, 2, 6]);
const weights = tf.tensor1d([1, 0, 0.5]);

it('takes the mean, the sum or nothing', () => {
  expect(reduce(losses).arraySync()).toBe(3);
  expect(reduce(losses, { reduction: 'sum' }).arraySync()).toBe(9);
  expect(reduce(losses, { reduction: 'none' }).arraySync()).toEqual([1, 2, 6]);
});

it('weighs each example, and divides by their number', () => {
  expect(reduce(losses, { weights }).arraySync()).toBeCloseTo(4 / 3, 6);
  expect(reduce(losses, { weights, reduction: 'sum' }).arraySync()).toBe(4);
  expect(reduce(losses, { weights, reduction: 'none' }).arraySync()).toEqual([1, 0, 3]);
});

it('weighs gradients too', () => {
  const labels = tf.tensor1d([0, 1, 1], 'int32');
  const gradient = tf.grad((x) => crossEntropy(x as tf.Tensor2D, labels, 0, { weights, reduction: 'sum' }));
  expect(gradient(tf.zeros([3, 2])).arraySync()).toEqual([
    [-0.5, 0.5],
    [0, -0],
    [0.25, -0.25],
  ]);
});

it('refuses weights that do not fit and unknown reductions', () => {
  expect(() => reduce(losses, { weights: tf.tensor1d([1, 2]) })).toThrow('one for each of the 3 examples');
  expect(() => reduce(losses, { reduction: 'median' as 'mean' })).toThrow('Unknown reduction "median"');
});
