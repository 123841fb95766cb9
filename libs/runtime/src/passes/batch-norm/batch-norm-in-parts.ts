import { DataType } from '../../binding';
import { type Attributes, type Graph, isSame, opOf, typeOf, type Value, valueOf } from '../../graph/graph';
import { constant, elementwise, makeOp } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { countUses, usersOf } from '../../graph/value-map';
import {
  BATCH_NORM_FACTORS,
  BATCH_NORM_GRADIENT,
  CHANNEL_STATISTICS,
  type Lanes,
  NORMALISE,
} from '../../native-ops';
import { hasImageOps, type Pass } from '../pass';
import { allPartsOf, channelsOf } from './concatenation';
import { batchNormInputs, isBatchNorm, isFloat, scaleAndShift } from './fused-batch-norm';
import { KnownStatistics } from './statistics';

/** A batch-norm in training as this pass has made it. */
interface Layer {
  /** FusedBatchNormV3's image and its factor. */
  readonly given: Value;
  readonly factor: Value;
  /** The image without the bias, and its statistics. */
  readonly image: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly scale: Value;
  readonly shift: Value;
}

/**
 * Our own ops of a batch-norm go over the image once for the statistics and once to normalise and rectify it, and its
 * gradient, for which the rectifier's output isn't needed, twice. Statistics of a concatenation are those of its parts; with
 * moving averages there are none to compute. A bias right before moves the mean alone: it is left out of the image.
 */
export const batchNormInParts: Pass = {
  name: 'batch-norm-in-parts',
  description:
    'makes of a batch-norm and its rectifier our ops for statistics, for normalising and for all gradients',
  appliesTo: hasImageOps,
  run: (graph, { machine }) => inParts(graph, machine!.lanes!),
};

function inParts(graph: Graph, most: Lanes): Graph {
  const layers: Layer[] = [];
  const [users, uses] = [usersOf(graph), countUses(graph)];
  const unbiased = (image: Value, original: Value): readonly [image: Value, bias: Value | null] => {
    const bias = opOf(image, 'BiasAdd');
    const isAlone = users.get(original)!.every(({ op }) => op.startsWith('FusedBatchNorm'));
    if (bias?.attributes['data_format'] !== 'NHWC' || !isAlone) return [image, null];
    return bias.inputs as [Value, Value];
  };
  const statistics = new KnownStatistics((image) => {
    const type = { dtype: DataType.float32, shape: [channelsOf(image)] };
    const computed = makeOp(CHANNEL_STATISTICS, [image], attributesFor(image, most), [type, type]);
    return { mean: valueOf(computed), variance: valueOf(computed, 1) };
  });
  return rewriteOps(graph, {
    FusedBatchNormV3(node, original) {
      const { image: given, factor, offset, movingMean, movingVariance } = batchNormInputs(node);
      if (!isFloat(node) || !allPartsOf(given).every(hasVector)) return null;
      const [image, bias] = unbiased(given, original.inputs[0]!);
      const meanBefore = bias === null ? movingMean : elementwise('Sub', movingMean, bias);
      const normalised = (scale: Value, shift: Value): Value => {
        const attributes = { rectify: false, ...attributesFor(image, most) };
        return valueOf(makeOp(NORMALISE, [image, scale, shift], attributes, node.outputs.slice(0, 1)));
      };
      if (isBatchNorm(node, false)) {
        // Whoever reads more of it computes its gradient.
        if ([1, 2, 3, 4, 5].some((output) => uses.get(valueOf(original, output)) !== undefined)) return null;
        const [scale, shift] = scaleAndShift(node, { mean: meanBefore, variance: movingVariance });
        return [normalised(scale, shift), ...Array<Value>(5).fill(NOTHING)];
      }
      if (!isBatchNorm(node, true)) return null;
      const { mean, variance } = statistics.of(image);
      const { epsilon, exponential_avg_factor: rate } = node.attributes;
      const factors = makeOp(
        BATCH_NORM_FACTORS,
        // The images of a concatenation needn't be side by side to tell how many there are.
        [allPartsOf(image)[0]!, mean, variance, factor, offset, meanBefore, movingVariance],
        { epsilon: epsilon!, rate: rate!, T: { type: DataType.float32 } },
        Array(4).fill(typeOf(mean)),
      );
      const [scale, shift, nextMean, nextVariance] = [0, 1, 2, 3].map((output) =>
        valueOf(factors, output),
      ) as [Value, Value, Value, Value];
      layers.push({ given, factor, image, mean, variance, scale, shift });
      const meanAfter = bias === null ? nextMean : elementwise('AddV2', nextMean, bias);
      return [normalised(scale, shift), meanAfter, nextVariance, mean, variance, NOTHING];
    },
    Relu(node) {
      const norm = opOf(node.inputs[0]!, NORMALISE);
      return norm && { ...norm, attributes: { ...norm.attributes, rectify: true } };
    },
    FusedBatchNormGradV3(node) {
      const [dy, given, factor, mean, variance] = node.inputs as [Value, Value, Value, Value, Value];
      const layer = layers.find(
        (one) =>
          isSame(one.given, given) &&
          isSame(one.factor, factor) &&
          isSame(one.mean, mean) &&
          isSame(one.variance, variance),
      );
      if (layer === undefined || !isBatchNorm(node, true) || !isFloat(node)) return null;
      const { image, scale, shift } = layer;
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
          ...attributesFor(image, most),
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

function attributesFor(image: Value, most: Lanes): Attributes {
  return { T: { type: DataType.float32 }, lanes: { int: channelsOf(image) < most ? 8 : most } };
}
