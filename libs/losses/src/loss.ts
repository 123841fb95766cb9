import type { tf } from '@label-relaxation/runtime';
import { checkAlpha } from './alpha';
import { confidencePenalty } from './confidence-penalty';
import { crossEntropy } from './cross-entropy';
import { focal } from './focal';
import { labelRelaxation } from './label-relaxation';
import type { Labels } from './labels';
import type { LossName } from './names';

/** A loss with its parameter chosen. */
export interface Loss {
  readonly name: LossName;
  readonly alpha: number;
  /**
   * The loss of each example, [batch], differentiable by the logits.
   *
   * @param logits float32, [batch, classes]
   * @param labels int32 class numbers, [batch], or one-hot rows, [batch, classes]
   */
  perExample(logits: tf.Tensor2D, labels: Labels): tf.Tensor1D;
}

const FUNCTIONS = {
  label_relaxation: labelRelaxation,
  cross_entropy: crossEntropy,
  focal,
  confidence_penalty: confidencePenalty,
} as const;

/**
 * A loss of the study by its name.
 *
 * @param alpha label relaxation: the imprecisiation; cross-entropy: label smoothing; focal: gamma; confidence
 *   penalty: beta
 * @throws LossError if alpha is out of the loss's range
 */
export function createLoss(name: LossName, alpha: number): Loss {
  checkAlpha(name, alpha);
  return {
    name,
    alpha,
    perExample: (logits, labels) => FUNCTIONS[name](logits, labels, alpha, { reduction: 'none' }),
  };
}
