import { tf } from '@label-relaxation/runtime';
import { LossError } from './errors';

/** True classes: int32 numbers, [batch], or rows of any numeric type, [batch, classes]: one-hot, or what a loss takes. */
export type Labels = tf.Tensor1D | tf.Tensor2D;

/**
 * Labels as float32 rows, [batch, classes]: one-hot for class numbers.
 *
 * A class number outside of [0, classes) becomes a row of NaN, so that the loss shows it: reading the labels back to
 * check them would stop every step.
 *
 * @throws LossError if logits or labels have the wrong rank, type or size
 */
export function targetRows(logits: tf.Tensor2D, labels: Labels): tf.Tensor2D {
  checkLogits(logits);
  const [batch, classes] = logits.shape;
  if (labels.shape[0] !== batch) {
    throw new LossError(
      `There are ${labels.shape[0] ?? 'no'} labels for ${batch} rows of logits: give one label for each example.`,
    );
  }
  if (labels.rank === 2) {
    if (labels.shape[1] !== classes) {
      throw new LossError(`One-hot labels have ${labels.shape[1]} classes, the logits have ${classes}.`);
    }
    return tf.cast(labels as tf.Tensor2D, 'float32');
  }
  if (labels.rank !== 1 || labels.dtype !== 'int32') {
    throw new LossError(
      `Labels of shape [${labels.shape}] and type ${labels.dtype} can't be used: ` +
        'give int32 class numbers of shape [batch], or one-hot rows of shape [batch, classes].',
    );
  }
  const rows = tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32') as tf.Tensor2D;
  return tf.div(rows, tf.sum(rows, 1, true));
}

function checkLogits(logits: tf.Tensor2D): void {
  if (logits.rank !== 2 || logits.dtype !== 'float32') {
    throw new LossError(
      `Logits of shape [${logits.shape}] and type ${logits.dtype} can't be used: give float32, [batch, classes].`,
    );
  }
  if (logits.shape[1] < 2)
    throw new LossError(`Logits have ${logits.shape[1]} classes: at least 2 are needed.`);
}
