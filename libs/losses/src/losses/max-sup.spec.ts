import { evaluate, normals, worst } from '../../test/evaluate';
import { createLoss } from '../loss';

const logits = normals(40, 5, 2, 17);
const predicted = logits.map((row) => row.indexOf(Math.max(...row)));

it('is label smoothing for examples that are classified rightly', () => {
  const smoothed = evaluate(createLoss('cross_entropy', 0.2).perExample, logits, predicted);
  const suppressed = evaluate(createLoss('max_sup', 0.2).perExample, logits, predicted);
  expect(worst(suppressed.values, smoothed.values)).toBeLessThan(1e-6);
  expect(worst(suppressed.gradient.flat(), smoothed.gradient.flat())).toBeLessThan(1e-6);
});

it('draws down the predicted class, not the true one, where they differ', () => {
  const labels = predicted.map((label) => (label + 1) % 5);
  const plain = evaluate(createLoss('cross_entropy', 0).perExample, logits, labels).gradient;
  const suppressed = evaluate(createLoss('max_sup', 0.2).perExample, logits, labels).gradient;
  suppressed.forEach((row, i) => {
    const [most, truth] = [predicted[i]!, labels[i]!];
    expect(row[most]! - plain[i]![most]!).toBeCloseTo(0.2 * 0.8, 5);
    expect(row[truth]! - plain[i]![truth]!).toBeCloseTo(-0.2 * 0.2, 5);
  });
});
