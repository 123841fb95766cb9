import { tf } from '@label-relaxation/runtime';
import { closedForm } from './closed-form';
import type { LossDeclaration } from './declaration';
import { declarationOf } from './find-loss';
import { type Labels, targetRows } from './labels';
import { checkAlpha, checkParameters } from './range';
import type { LossName } from './registry';

/** A loss with its parameters chosen. */
export interface Loss {
  readonly name: string;
  readonly alpha: number;
  /** The further parameters by name, those that were not given by their defaults. */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * The loss of each example, [batch], differentiable by the logits.
   *
   * @param logits float32, [batch, classes]
   * @param labels int32 class numbers, [batch], or rows, [batch, classes]: one-hot, or what else the loss takes
   * @param progress the share of the run that is done, a scalar in [0, 1); leave it out where nothing is trained
   * @throws LossError if the shapes don't fit
   */
  perExample(logits: tf.Tensor2D, labels: Labels, progress?: tf.Scalar | null): tf.Tensor1D;
}

/**
 * A loss of the study by its name, or any loss by its declaration.
 *
 * @param alpha label relaxation: the imprecisiation; cross-entropy: label smoothing; focal: gamma; and so on; by default
 *   the loss's example value
 * @throws LossError if alpha or another parameter is out of the loss's range
 */
export function createLoss(
  loss: LossName | LossDeclaration,
  alpha?: number,
  given: Readonly<Record<string, number>> = {},
): Loss {
  const declaration: LossDeclaration = typeof loss === 'string' ? declarationOf(loss) : loss;
  const value = alpha ?? declaration.alpha?.example ?? 0;
  checkAlpha(declaration, value);
  const parameters = checkParameters(declaration, given);
  return {
    name: declaration.name,
    alpha: value,
    parameters,
    perExample: (logits, labels, progress = null) =>
      tf.tidy(() => {
        const target = targetRows(logits, labels);
        const input = { target, alpha: value, parameters, progress };
        if ('perExample' in declaration) return declaration.perExample({ ...input, logits });
        return closedForm(logits, (x) => declaration.closedForm({ ...input, logits: x }));
      }),
  };
}
