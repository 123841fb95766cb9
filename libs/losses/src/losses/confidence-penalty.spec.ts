import type { tf } from '@label-relaxation/runtime';
import { evaluate } from '../../test/evaluate';
import { confidencePenalty } from '../batch-loss';

const withBeta = (beta: number) => (logits: tf.Tensor2D, labels: tf.Tensor1D) =>
  confidencePenalty(logits, labels, beta, { reduction: 'none' });

it('subtracts the entropy', () => {
  const { values } = evaluate(withBeta(0.1), [[0.7, 0.2, 0.1].map(Math.log)], [0]);
  expect(values[0]).toBeCloseTo(0.27649, 5);
});

it('charges a sure prediction more than an unsure one of the same cross-entropy', () => {
  const sure = [0.5, 0.5 - 1e-6, 1e-6].map(Math.log);
  const unsure = [0.5, 0.25, 0.25].map(Math.log);
  const { values } = evaluate(withBeta(1), [sure, unsure], [0, 0]);
  expect(values[0]).toBeGreaterThan(values[1] as number);
});
