import { DataType } from '../../binding';
import { opOf, type Value } from '../../graph/graph';
import { cast, constant } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { BATCH_NORM_GRADIENT, NORMALISED_PRODUCT_GRADIENT } from '../../native-ops';
import type { Pass } from '../pass';

/** A batch-norm in training subtracts the batch's mean: a bias before it changes nothing. */
export const biasBeforeBatchNorm: Pass = {
  name: 'bias-before-batch-norm',
  description: 'makes the gradient by a bias right before a batch-norm zero, as it is but for rounding',
  appliesTo: () => true,
  run: (graph) =>
    rewriteOps(graph, {
      BiasAddGrad({ inputs: [dy], outputs: [type] }) {
        if (!isOfBatchNorm(dy!)) return null;
        const [channels] = type!.shape as readonly number[];
        return cast(constant(DataType.float32, [channels!], new Float32Array(channels!)), type!.dtype);
      },
    }),
};

/** Whether a value is the gradient by the image of a batch-norm in training, and nothing more. */
function isOfBatchNorm(value: Value): boolean {
  if (value.output !== 0) return false;
  const product = opOf(value, NORMALISED_PRODUCT_GRADIENT);
  if (product !== null) return (product.attributes['count'] as { int: number }).int === 0;
  return (
    opOf(value, BATCH_NORM_GRADIENT) !== null ||
    opOf(value, 'FusedBatchNormGradV3')?.attributes['is_training'] === true
  );
}
