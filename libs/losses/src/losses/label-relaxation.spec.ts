import { tf } from '@label-relaxation/runtime';
import { evaluate, normals } from '../../test/evaluate';
import { crossEntropy, labelRelaxation } from '../batch-loss';

const relaxed = (alpha: number) => (logits: tf.Tensor2D, labels: tf.Tensor1D) =>
  labelRelaxation(logits, labels, alpha, { reduction: 'none' });

it.each([
  [[0.675, 0.175, 0.15], 0, 0.01342932],
  [[0.15, 0.7, 0.15], 1, 0.006164],
])('gives the known value at p = %j', (p, label, right) => {
  expect(evaluate(relaxed(0.25), [p.map(Math.log)], [label]).values[0]).toBeCloseTo(right, 6);
});

it('is 0 with a gradient of 0 in the credal set, even where the other branch overflows (tensorflow#2540)', () => {
  const { values, gradient } = evaluate(relaxed(0.1), [[100, 0, 0]], [0]);
  expect(values[0]).toBe(0);
  expect(gradient[0]?.map(Math.abs)).toEqual([0, 0, 0]);
});

it.each([0.025, 0.1, 0.4, 0.9])('is exactly 0 inside the set and positive outside, alpha %d', (alpha) => {
  const logits = normals(400, 4, 4, 21);
  const labels = logits.map((_, i) => i % 4);
  const { values, gradient } = evaluate(relaxed(alpha), logits, labels);
  let inside = 0;
  logits.forEach((row, i) => {
    const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
    const p = Math.exp(row[labels[i] as number] as number) / total;
    if (Math.abs(p - (1 - alpha)) < 1e-5) return;
    if (p > 1 - alpha) {
      inside += 1;
      expect(values[i]).toBe(0);
      expect(gradient[i]?.every((g) => Math.abs(g) === 0)).toBe(true);
    } else {
      expect(values[i]).toBeGreaterThan(0);
      expect(gradient[i]?.[labels[i] as number]).toBeLessThan(0);
    }
  });
  expect(inside).toBeGreaterThan(20);
});

it('is cross-entropy at alpha 0, and never more than it', () => {
  const logits = tf.tensor2d(normals(50, 6, 3, 8));
  const labels = tf.tensor1d(
    Array.from({ length: 50 }, (_, i) => i % 6),
    'int32',
  );
  const plain = crossEntropy(logits, labels, 0, { reduction: 'none' }).arraySync();
  expect(relaxed(0)(logits, labels).arraySync()).toEqual(plain);
  const less = relaxed(0.3)(logits, labels).arraySync();
  expect(less.every((value, i) => value <= (plain[i] as number))).toBe(true);
});

it('pulls the other classes in proportion to their probabilities', () => {
  const { gradient } = evaluate(relaxed(0.2), [[Math.log(0.4), Math.log(0.2), Math.log(0.4)]], [0]);
  const [, second, third] = gradient[0] as number[];
  expect((third as number) / (second as number)).toBeCloseTo(2, 5);
});
