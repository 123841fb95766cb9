import { tf } from '@label-relaxation/runtime';
import { LossError } from './errors';

/** How the losses of a batch become the result: their mean, their sum, or each by itself. */
export type Reduction = 'mean' | 'sum' | 'none';

export interface ReduceOptions<R extends Reduction = 'mean'> {
  /** Default 'mean', which divides by the number of examples whatever their weights, as Keras does. */
  reduction?: R;
  /** Factor for each example's loss, float32, [batch]. */
  weights?: tf.Tensor1D;
}

/** A scalar, or [batch] without reduction. */
export type Reduced<R extends Reduction> = R extends 'none' ? tf.Tensor1D : tf.Scalar;

/**
 * Weighs and reduces the losses of a batch.
 *
 * @param losses [batch]
 * @throws LossError if there isn't one weight for each example
 */
export function reduce<R extends Reduction = 'mean'>(
  losses: tf.Tensor1D,
  options: ReduceOptions<R> = {},
): Reduced<R> {
  const { weights, reduction = 'mean' } = options;
  if (weights !== undefined && (weights.rank !== 1 || weights.shape[0] !== losses.shape[0])) {
    throw new LossError(
      `Weights have shape [${weights.shape}]: give one for each of the ${losses.shape[0]} examples, [batch].`,
    );
  }
  const weighed = weights === undefined ? losses : tf.mul(losses, weights);
  switch (reduction) {
    case 'mean':
      return tf.mean(weighed) as Reduced<R>;
    case 'sum':
      return tf.sum(weighed) as Reduced<R>;
    case 'none':
      return weighed as Reduced<R>;
    default:
      throw new LossError(`Unknown reduction "${String(reduction)}": choose mean, sum or none.`);
  }
}
