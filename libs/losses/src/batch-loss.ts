import { tf } from '@label-relaxation/runtime';
import type { Labels } from './labels';
import { createLoss } from './loss';
import { type ReduceOptions, type Reduced, type Reduction, reduce } from './reduction';
import type { LossName } from './registry';

export interface LossOptions<R extends Reduction = 'mean'> extends ReduceOptions<R> {
  /** Parameters besides alpha, such as `beta_start`; by default what the loss declares. */
  parameters?: Readonly<Record<string, number>>;
  /** The share of the run that is done, a scalar in [0, 1); leave it out where nothing is trained. */
  progress?: tf.Scalar;
}

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
  return (logits, labels, alpha, { parameters, progress, ...options } = {}) =>
    tf.tidy(() => {
      const loss = createLoss(name, alpha, parameters);
      return reduce(loss.perExample(logits, labels, progress), options);
    });
}

export const labelRelaxation = batchLoss('label_relaxation');
export const crossEntropy = batchLoss('cross_entropy');
export const focal = batchLoss('focal');
export const confidencePenalty = batchLoss('confidence_penalty');
export const credal = batchLoss('credal');
export const dataAmbiguation = batchLoss('data_ambiguation');
export const generalizedCrossEntropy = batchLoss('generalized_cross_entropy');
export const maxSup = batchLoss('max_sup');
export const marginSmoothing = batchLoss('margin_smoothing');
export const dualFocal = batchLoss('dual_focal');
export const brier = batchLoss('brier');
