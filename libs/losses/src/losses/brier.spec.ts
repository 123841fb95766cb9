import { tf } from '@label-relaxation/runtime';
import { evaluate } from '../../test/evaluate';
import { createLoss } from '../loss';

const logits = [[0.2, 0.7, 0.1].map(Math.log)];

it('is the squared distance from the one-hot label', () => {
  const { values } = evaluate(createLoss('brier').perExample, logits, [0]);
  expect(values[0]).toBeCloseTo(0.8 ** 2 + 0.7 ** 2 + 0.1 ** 2, 6);
});

it('is 0, without a gradient, at a class distribution that is met', () => {
  const target = tf.tensor2d([[0.2, 0.7, 0.1]]);
  const { values, gradient } = evaluate((x) => createLoss('brier').perExample(x, target), logits, []);
  expect(values[0]).toBeCloseTo(0, 10);
  gradient[0]!.forEach((value) => expect(value).toBeCloseTo(0, 6));
});

it('has no parameter', () => {
  expect(() => createLoss('brier', 0.1)).toThrow('alpha 0.1 is out of range: brier has no parameter alpha.');
});
