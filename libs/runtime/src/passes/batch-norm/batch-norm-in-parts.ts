import { DataType } from '../../binding';
import { type Graph, isSame, opOf, typeOf, type Value, valueOf } from '../../graph/graph';
import { constant, makeOp } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { countUses } from '../../graph/value-map';
import {
  BATCH_NORM_FACTORS,
  BATCH_NORM_GRADIENT,
  CHANNEL_STATISTICS,
  type Lanes,
  NORMALISE,
} from '../../native-ops';
import { hasFloatOps, type Pass } from '../pass';
import { allPartsOf, channelsOf } from './concatenation';
import { batchNormInputs, isBatchNorm, isFloat, scaleAndShift } from './fused-batch-norm';
import { KnownStatistics } from './statistics';

/** A batch-norm in training as this pass has made it. */
interface Layer {
  /** FusedBatchNormV3's image and its factor. */
  readonly image: Value;
  readonly factor: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly scale: Value;
  readonly shift: Value;
}

/**
 * Our own ops of a batch-norm go over the image once for the statistics and once to normalise and rectify it, and its
 * gradient, for which the rectifier's output isn't needed, twice. Statistics of a concatenation are those of its parts; with
 * moving averages there are none to compute.
 */
export const batchNormInParts: Pass = {
  name: 'batch-norm-in-parts',
  description:
    'makes of a batch-norm and its rectifier our ops for statistics, for normalising and for all gradients',
  appliesTo: hasFloatOps,
  run: (graph, { machine }) => inParts(graph, machine!.lanes!),
};

function inParts(graph: Graph, most: Lanes): Graph {
  const layers: Layer[] = [];
  const uses = countUses(graph);
  const statistics = new KnownStatistics((image) => {
    const type = { dtype: DataType.float32, shape: [channelsOf(image)] };
    const computed = makeOp(CHANNEL_STATISTICS, [image], lanesFor(image, most), [type, type]);
    return { mean: valueOf(computed), variance: valueOf(computed, 1) };
  });
  return rewriteOps(graph, {
    FusedBatchNormV3(node, original) {
      const { image, factor, offset, movingMean, movingVariance } = batchNormInputs(node);
      if (!isFloat(node) || !allPartsOf(image).every(hasVector)) return null;
      const normalised = (scale: Value, shift: Value): Value => {
        const attributes = { rectify: false, ...lanesFor(image, most) };
        return valueOf(makeOp(NORMALISE, [image, scale, shift], attributes, node.outputs.slice(0, 1)));
      };
      if (isBatchNorm(node, false)) {
        // Whoever reads more of it computes its gradient.
        if ([1, 2, 3, 4, 5].some((output) => uses.get(valueOf(original, output)) !== undefined)) return null;
        const [scale, shift] = scaleAndShift(node, { mean: movingMean, variance: movingVariance });
        return [normalised(scale, shift), ...Array<Value>(5).fill(NOTHING)];
      }
      if (!isBatchNorm(node, true)) return null;
      const { mean, variance } = statistics.of(image);
      const { epsilon, exponential_avg_factor: rate } = node.attributes;
      const factors = makeOp(
        BATCH_NORM_FACTORS,
        // The images of a concatenation needn't be side by side to tell how many there are.
        [allPartsOf(image)[0]!, mean, variance, factor, offset, movingMean, movingVariance],
        { epsilon: epsilon!, rate: rate! },
        Array(4).fill(typeOf(mean)),
      );
      const [scale, shift, nextMean, nextVariance] = [0, 1, 2, 3].map((output) =>
        valueOf(factors, output),
      ) as [Value, Value, Value, Value];
      layers.push({ image, factor, mean, variance, scale, shift });
      return [normalised(scale, shift), nextMean, nextVariance, mean, variance, NOTHING];
    },
    Relu(node) {
      const norm = opOf(node.inputs[0]!, NORMALISE);
      return norm && { ...norm, attributes: { ...norm.attributes, rectify: true } };
    },
    FusedBatchNormGradV3(node) {
      const [dy, image, factor, mean, variance] = node.inputs as [Value, Value, Value, Value, Value];
      const layer = layers.find(
        (one) =>
          isSame(one.image, image) &&
          isSame(one.factor, factor) &&
          isSame(one.mean, mean) &&
          isSame(one.variance, variance),
      );
      if (layer === undefined || !isBatchNorm(node, true) || !isFloat(node)) return null;
      const { scale, shift } = layer;
      const relu = opOf(dy, 'ReluGrad');
      const rectified = relu && opOf(relu.inputs[1]!, NORMALISE);
      const isRectified =
        rectified !== null && [image, scale, shift].every((input, i) => isSame(input, rectified.inputs[i]!));
      const gradient = makeOp(
        BATCH_NORM_GRADIENT,
        [isRectified ? relu!.inputs[0]! : dy, image, scale, shift, mean, variance],
        {
          rectify: isRectified,
          epsilon: node.attributes['epsilon']!,
          ...lanesFor(image, most),
        },
        node.outputs.slice(0, 3),
      );
      return [...[0, 1, 2].map((output) => valueOf(gradient, output)), NOTHING, NOTHING];
    },
  });
}

/** Stands for outputs that nobody takes. */
const NOTHING = constant(DataType.float32, [1], [0]);

/** Whether an image has as many channels as our ops' shortest vector. */
function hasVector(image: Value): boolean {
  return channelsOf(image) >= 8;
}

function lanesFor(image: Value, most: Lanes): { readonly lanes: { readonly int: number } } {
  return { lanes: { int: channelsOf(image) < most ? 8 : most } };
}
