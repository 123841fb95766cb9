import { tf } from '@label-relaxation/runtime';
import { evaluate } from '../../test/evaluate';
import { crossEntropy } from '../batch-loss';
import { smoothedTarget } from './cross-entropy';

it('takes smoothing from the true class and gives every class its share (pytorch-randaugment#30)', () => {
  const target = smoothedTarget(tf.oneHot(tf.tensor1d([2], 'int32'), 7, 1, 0, 'float32') as tf.Tensor2D, 0.1);
  const [row] = target.arraySync() as [number[]];
  expect(row[2]).toBeCloseTo(0.9142857142857143, 6);
  row.filter((_, i) => i !== 2).forEach((share) => expect(share).toBeCloseTo(0.014285714285714285, 7));
  expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

it('has a gradient of p - target', () => {
  const { gradient } = evaluate((z, y) => crossEntropy(z, y, 0.3, { reduction: 'none' }), [[0, 0, 0]], [1]);
  [1 / 3 - 0.1, 1 / 3 - 0.8, 1 / 3 - 0.1].forEach((right, i) =>
    expect(gradient[0]?.[i]).toBeCloseTo(right, 6),
  );
});
