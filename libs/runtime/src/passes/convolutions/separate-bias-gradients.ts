import { ints, opValue, reshape } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { staticElements, times } from '../../graph/size';
import { shapeOf } from '../../graph/graph';
import { DataType } from '../../binding';
import type { Pass } from '../pass';

/** From this many channels on `BiasAddGrad` is faster than a sum. */
const CHANNELS_FOR_BIAS_GRADIENT = 48;

/**
 * TensorFlow makes one op of the gradients by a filter and by a bias where both have one input; in float32 the kernel that
 * computes both is slower than two.
 */
export const separateBiasGradients: Pass = {
  name: 'separate-bias-gradients',
  description:
    'keeps the gradient by a bias apart from that by a filter, so that TensorFlow fuses no slower one',
  appliesTo: ({ machine, precision }) => machine !== null && precision === 'float32',
  run: (graph) =>
    rewriteOps(graph, {
      BiasAddGrad({ op, inputs: [dy], attributes, outputs: [type] }) {
        const shape = shapeOf(dy!);
        const [images, height, width, channels] = shape;
        if (shape.length !== 4 || typeof channels !== 'number') return null;
        if (channels < CHANNELS_FOR_BIAS_GRADIENT) {
          const sum = { Tidx: { type: DataType.int32 }, keep_dims: false };
          return opValue('Sum', [dy!, ints(0, 1, 2)], sum, type!);
        }
        const pixels = staticElements([height!, width!]);
        return opValue(op, [reshape(dy!, [times(images!, pixels), channels])], attributes, type!);
      },
    }),
};
