import type { Loss } from '@label-relaxation/losses';
import { tf } from '@label-relaxation/runtime';
import { UsageError } from '../errors';
import { reasonOf } from './load-module';

/**
 * Tries a loss of the user's own on a few logits before anything is trained with it.
 *
 * @throws UsageError in one line where it gives no number, or tfjs cannot derive it
 */
export function tryLoss(loss: Loss, path: string, classes: number): void {
  const refuse = (reason: string): never => {
    throw new UsageError(`--loss_name ${path}: ${reason}`);
  };
  tf.tidy(() => {
    const rows = [0, 1, 3].map((factor) =>
      Array.from({ length: classes }, (_, k) => factor * Math.cos(1 + k)),
    );
    const logits = tf.tensor2d(rows);
    const labels = tf.tensor1d([0, 1, classes - 1], 'int32');
    const lossOf = (x: tf.Tensor) => loss.perExample(x as tf.Tensor2D, labels, tf.scalar(0.5)).sum();
    const isFinite = (tensor: tf.Tensor) => tensor.isFinite().all().dataSync()[0] === 1;
    if (!isFinite(lossOf(logits))) refuse('gives NaN or infinity for ordinary logits');
    let gradient: tf.Tensor;
    try {
      gradient = tf.grad(lossOf)(logits);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return refuse(`cannot be derived by the logits: ${reasonOf(error)}`);
    }
    if (gradient.abs().max().dataSync()[0] === 0) refuse('has a gradient of 0: nothing is learnt by it');
    if (!isFinite(gradient)) refuse('has a gradient of NaN or infinity for ordinary logits');
  });
}
