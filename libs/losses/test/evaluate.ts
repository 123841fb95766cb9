import { tf } from '@label-relaxation/runtime';

export type PerExample = (logits: tf.Tensor2D, labels: tf.Tensor1D) => tf.Tensor1D;

/** Each example's loss and the gradient of their sum by the logits, both as plain rows. */
export function evaluate(loss: PerExample, logits: number[][], labels: number[]) {
  return tf.tidy(() => {
    const truth = tf.tensor1d(labels, 'int32');
    const x = tf.tensor2d(logits);
    const gradient = tf.grad((z) => tf.sum(loss(z as tf.Tensor2D, truth)))(x) as tf.Tensor2D;
    return { values: [...loss(x, truth).dataSync()], gradient: gradient.arraySync() };
  });
}

/** The largest |actual - expected| / (1 + |expected|); NaN if any number is NaN. */
export function worst(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  const errors = expected.map((value, i) => Math.abs((actual[i] as number) - value) / (1 + Math.abs(value)));
  return errors.some(Number.isNaN) ? NaN : Math.max(...errors);
}

/** Numbers of a normal distribution, the same for the same seed. */
export function normals(rows: number, columns: number, scale: number, seed: number): number[][] {
  return tf.tidy(() => tf.randomNormal([rows, columns], 0, scale, 'float32', seed).arraySync() as number[][]);
}
