import { tf } from '@label-relaxation/runtime';
import type { Labels } from './labels';
import { createLoss } from './loss';
import { type LossOptions, type Reduced, type Reduction, reduce } from './reduction';
import type { LossName } from './registry';

/**
 * The loss of a batch.
 *
 * @param logits float32, [batch, classes]
 * @param labels int32 class numbers, [batch], or rows, [batch, classes]: one-hot, or what else the loss takes
 * @param alpha the loss's parameter; by default its example value
 * @throws LossError if a parameter is out of range or the shapes don't fit
 */
export type BatchLoss = <R extends Reduction = 'mean'>(
  logits: tf.Tensor2D,
  labels: Labels,
  alpha?: number,
  options?: LossOptions<R>,
) => Reduced<R>;

function batchLoss(name: LossName): BatchLoss {
  return (logits, labels, alpha, options) =>
    tf.tidy(() => reduce(createLoss(name, alpha).perExample(logits, labels), options));
}

export const labelRelaxation = batchLoss('label_relaxation');
export const crossEntropy = batchLoss('cross_entropy');
export const focal = batchLoss('focal');
export const confidencePenalty = batchLoss('confidence_penalty');
