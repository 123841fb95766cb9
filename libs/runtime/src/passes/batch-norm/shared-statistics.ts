import { DataType } from '../../binding';
import { type Op, shapeOf, type Value, valueOf } from '../../graph/graph';
import { cast, constant, elementwise, makeOp, opValue, reshape, scalar } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import type { Pass } from '../pass';
import { channelsOf, partsOf } from './concatenation';
import { batchNormInputs, isBatchNorm, isFloat, scaleAndShift } from './fused-batch-norm';
import { KnownStatistics, type Statistics } from './statistics';

/**
 * Layers that see the same channels, as those of a dense block do, share their statistics: the mean and the variance of a
 * concatenation are those of its parts. What is left of such a batch-norm is one pass over the image, a factor and an
 * offset for each channel, in place of four.
 */
export const sharedStatistics: Pass = {
  name: 'shared-statistics',
  description: 'takes the statistics of a batch-norm of a concatenation from those of its parts',
  appliesTo: () => true,
  run(graph) {
    const statistics = new KnownStatistics(computed);
    const corrections = new Corrections();
    return rewriteOps(graph, {
      FusedBatchNormV3(node) {
        if (!isBatchNorm(node, true)) return null;
        const { image } = batchNormInputs(node);
        if (isFloat(node) && partsOf(image) !== null && statistics.hasMostOf(image)) {
          return normalised(node, statistics.of(image), corrections.of(image));
        }
        statistics.keep(image, { mean: valueOf(node, 3), variance: valueOf(node, 4) });
        return null;
      },
    });
  },
};

/** The outputs of a batch-norm in training, from the statistics of its image. */
function normalised(node: Op, statistics: Statistics, correction: Value): Value[] {
  const { mean, variance } = statistics;
  const { image, movingMean, movingVariance } = batchNormInputs(node);
  const type = node.outputs[0]!;
  const [scale, shift] = scaleAndShift(node, statistics);
  const windows = { strides: { int: [1, 1, 1, 1] }, padding: 'VALID', data_format: 'NHWC' };
  const filter = reshape(scale, [1, 1, channelsOf(image), 1]);
  const scaled = opValue('DepthwiseConv2dNative', [image, filter], windows, type);
  const y = opValue('BiasAdd', [scaled, shift], { data_format: 'NHWC' }, type);

  const rate = (node.attributes['exponential_avg_factor'] as { float: number }).float;
  const moved = (old: Value, value: Value): Value =>
    elementwise('AddV2', elementwise('Mul', old, scalar(1 - rate)), elementwise('Mul', value, scalar(rate)));
  const unbiased = elementwise('Mul', variance, correction);
  const reserved = constant(DataType.float32, [1], [0]);
  return [y, moved(movingMean, mean), moved(movingVariance, unbiased), mean, variance, reserved];
}

/** n / (n - 1) for the n numbers of a channel, which makes a variance unbiased; the same for all images of a size. */
class Corrections {
  readonly #known = new Map<string, Value>();

  of(image: Value): Value {
    const key = JSON.stringify(shapeOf(image).slice(0, 3));
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const int32 = DataType.int32;
    const size = makeOp('Size', [image], { T: float.T, out_type: { type: int32 } }, [
      { dtype: int32, shape: [] },
    ]);
    const count = cast(valueOf(size), DataType.float32);
    const n = elementwise('RealDiv', count, scalar(channelsOf(image)));
    const less = elementwise('Maximum', elementwise('Sub', n, scalar(1)), scalar(1));
    const correction = elementwise('RealDiv', n, less);
    this.#known.set(key, correction);
    return correction;
  }
}

const float = { T: { type: DataType.float32 }, U: { type: DataType.float32 } };

function computed(image: Value): Statistics {
  const channels = channelsOf(image);
  const vector = (value: number): Value =>
    constant(DataType.float32, [channels], new Float32Array(channels).fill(value));
  const attributes = {
    ...float,
    epsilon: { float: 1e-3 },
    exponential_avg_factor: { float: 1 },
    data_format: 'NHWC',
    is_training: true,
  };
  const type = { dtype: DataType.float32, shape: [channels] };
  const outputs = [{ ...type, shape: shapeOf(image) }, type, type, type, type, { ...type, shape: [1] }];
  const inputs = [image, vector(1), vector(0), vector(0), vector(0)];
  const norm = makeOp('FusedBatchNormV3', inputs, attributes, outputs);
  return { mean: valueOf(norm, 3), variance: valueOf(norm, 4) };
}
