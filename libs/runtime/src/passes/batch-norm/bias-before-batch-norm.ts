import { DataType } from '../../binding';
import { opOf } from '../../graph/graph';
import { cast, constant } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import type { Pass } from '../pass';

/** A batch-norm in training subtracts the batch's mean: a bias before it changes nothing. */
export const biasBeforeBatchNorm: Pass = {
  name: 'bias-before-batch-norm',
  description: 'makes the gradient by a bias right before a batch-norm zero, as it is but for rounding',
  appliesTo: () => true,
  run: (graph) =>
    rewriteOps(graph, {
      BiasAddGrad({ inputs: [dy], outputs: [type] }) {
        const norm = opOf(dy!, 'FusedBatchNormGradV3');
        if (norm?.attributes['is_training'] !== true || dy!.output !== 0) return null;
        const [channels] = type!.shape as readonly number[];
        return cast(constant(DataType.float32, [channels!], new Float32Array(channels!)), type!.dtype);
      },
    }),
};
