import type { tf } from '@label-relaxation/runtime';
import { evaluate } from '../../test/evaluate';
import { focal } from '../batch-loss';

const withGamma = (gamma: number) => (logits: tf.Tensor2D, labels: tf.Tensor1D) =>
  focal(logits, labels, gamma, { reduction: 'none' });

it('is cross-entropy at gamma 0, not divided by the number of classes (focal-loss-keras#12)', () => {
  const probabilities = [
    [0.9, 0.05, 0.05],
    [0.25125628140703515, 0.44723618090452261, 0.30150753768844218],
    [0.05, 0.01, 0.94],
  ];
  const right = [0.10536051565782628, 0.8046684549923526, 0.0618754037180875];
  const { values } = evaluate(
    withGamma(0),
    probabilities.map((row) => row.map(Math.log)),
    [0, 1, 2],
  );
  right.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
});

it('is finite where a sigmoid saturates, with gamma below 1 (kornia#918)', () => {
  const logits = [-100, -100, 100, 100].map((z) => [0, z]);
  const { values, gradient } = evaluate(withGamma(0.5), logits, [0, 1, 0, 1]);
  expect(values).toEqual([0, 100, 100, 0].map((value) => expect.closeTo(value, 4)));
  expect(gradient.flat().every(Number.isFinite)).toBe(true);
});

it.each([0, 0.5, 1])('is finite at a base of 0, gamma %d (tfjs#346)', (gamma) => {
  const { values, gradient } = evaluate(withGamma(gamma), [[1e4, 0, 0]], [0]);
  expect(values[0]).toBeCloseTo(0, 10);
  expect(gradient[0]?.map(Math.abs)).toEqual([0, 0, 0]);
});

it('plays easy examples down', () => {
  const { values } = evaluate(withGamma(2), [[Math.log(0.9), Math.log(0.1)]], [0]);
  expect(values[0]).toBeCloseTo(0.1 ** 2 * -Math.log(0.9), 7);
});
