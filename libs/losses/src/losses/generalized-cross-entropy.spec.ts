import { evaluate } from '../../test/evaluate';
import { createLoss } from '../loss';

const logits = [[0.2, 0.7, 0.1].map(Math.log)];

it('is the formula of the paper', () => {
  const { values } = evaluate(createLoss('generalized_cross_entropy', 0.7).perExample, logits, [0]);
  expect(values[0]).toBeCloseTo((1 - 0.2 ** 0.7) / 0.7, 6);
});

it('is half the absolute error at q 1, and near cross-entropy at a small q', () => {
  const { values: absolute } = evaluate(createLoss('generalized_cross_entropy', 1).perExample, logits, [0]);
  expect(absolute[0]).toBeCloseTo(0.8, 6);
  const { values: small } = evaluate(createLoss('generalized_cross_entropy', 1e-6).perExample, logits, [0]);
  expect(small[0]).toBeCloseTo(-Math.log(0.2), 4);
});

it('is bounded by 1/q, with hardly a gradient, for a label that cannot be', () => {
  const { values, gradient } = evaluate(
    createLoss('generalized_cross_entropy', 0.5).perExample,
    [[1e4, 0]],
    [1],
  );
  expect(values[0]).toBeCloseTo(2, 6);
  expect(gradient[0]?.map(Math.abs)).toEqual([0, 0]);
});
