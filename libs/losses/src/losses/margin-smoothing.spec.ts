import { evaluate } from '../../test/evaluate';
import { createLoss } from '../loss';

it('is cross-entropy as long as no logit is further than the margin from the largest', () => {
  const logits = [[9, 0, -1, 4]];
  const smoothed = evaluate(createLoss('margin_smoothing', 0.5).perExample, logits, [3]);
  expect(smoothed).toEqual(evaluate(createLoss('cross_entropy', 0).perExample, logits, [3]));
});

it('adds what logits are beyond the margin, summed over classes', () => {
  const logits = [[9, 0, -1, 4]];
  const { values: plain } = evaluate(createLoss('cross_entropy', 0).perExample, logits, [3]);
  const loss = createLoss('margin_smoothing', 0.1, { margin: 6 });
  const { values, gradient } = evaluate(loss.perExample, logits, [3]);
  expect(values[0]).toBeCloseTo(plain[0]! + 0.1 * (3 + 4), 5);
  const { gradient: without } = evaluate(createLoss('cross_entropy', 0).perExample, logits, [3]);
  const added = gradient[0]!.map((value, k) => value - without[0]![k]!);
  [0.2, -0.1, -0.1, 0].forEach((value, k) => expect(added[k]).toBeCloseTo(value, 6));
});

it('refuses a margin below 0', () => {
  expect(() => createLoss('margin_smoothing', 0.1, { margin: -1 })).toThrow(
    'margin -1 is out of range: margin_smoothing takes a value of at least 0.',
  );
});
