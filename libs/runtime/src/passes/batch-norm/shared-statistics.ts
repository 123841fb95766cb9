import { DataType } from '../../binding';
import {
  type Attribute,
  type Op,
  opOf,
  shapeOf,
  typeAttribute,
  uncast,
  type Value,
  valueOf,
} from '../../graph/graph';
import { cast, constant, elementwise, makeOp, opValue, reshape, scalar } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { ValueMap } from '../../graph/value-map';
import type { Pass } from '../pass';

/** A batch's mean and (biased) variance, each [channels]. */
interface Statistics {
  readonly mean: Value;
  readonly variance: Value;
}

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
    const statistics = new KnownStatistics();
    return rewriteOps(graph, {
      FusedBatchNormV3(node) {
        const { is_training, data_format } = node.attributes;
        if (is_training !== true || data_format !== 'NHWC') return null;
        const [image] = node.inputs as [Value];
        const isFloat = typeAttribute(node, 'T') === DataType.float32;
        if (isFloat && partsOf(image) !== null && statistics.hasMostOf(image)) {
          return normalised(node, statistics.of(image), statistics.correctionOf(image));
        }
        statistics.keep(image, { mean: valueOf(node, 3), variance: valueOf(node, 4) });
        return null;
      },
    });
  },
};

/** The outputs of a batch-norm in training, from the statistics of its image. */
function normalised(node: Op, { mean, variance }: Statistics, correction: Value): Value[] {
  const [image, factor, offset, movingMean, movingVariance] = node.inputs as [
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const type = node.outputs[0]!;
  const epsilon = scalar(numberOf(node.attributes['epsilon']));
  const deviation = elementwise('Rsqrt', elementwise('AddV2', variance, epsilon));
  const scale = elementwise('Mul', factor, deviation);
  const shift = elementwise('Sub', offset, elementwise('Mul', mean, scale));
  const windows = { strides: { int: [1, 1, 1, 1] }, padding: 'VALID', data_format: 'NHWC' };
  const filter = reshape(scale, [1, 1, channelsOf(image), 1]);
  const scaled = opValue('DepthwiseConv2dNative', [image, filter], windows, type);
  const y = opValue('BiasAdd', [scaled, shift], { data_format: 'NHWC' }, type);

  const rate = numberOf(node.attributes['exponential_avg_factor']);
  const moved = (old: Value, value: Value): Value =>
    elementwise('AddV2', elementwise('Mul', old, scalar(1 - rate)), elementwise('Mul', value, scalar(rate)));
  const unbiased = elementwise('Mul', variance, correction);
  const reserved = constant(DataType.float32, [1], [0]);
  return [y, moved(movingMean, mean), moved(movingVariance, unbiased), mean, variance, reserved];
}

/** The statistics that are there already, by the image. */
class KnownStatistics {
  readonly #known = new ValueMap<Statistics>();
  readonly #corrections = new Map<string, Value>();

  keep(image: Value, statistics: Statistics): void {
    this.#known.set(uncast(image), statistics);
  }

  /** Whether the statistics of at least half of the channels are there. */
  hasMostOf(image: Value): boolean {
    return 2 * this.#knownChannels(image) >= channelsOf(image);
  }

  of(image: Value): Statistics {
    const known = this.#known.get(uncast(image));
    if (known !== undefined) return known;
    const parts = partsOf(image);
    const statistics = parts === null ? computed(image) : concatenated(parts.map((part) => this.of(part)));
    this.keep(image, statistics);
    return statistics;
  }

  /** n / (n - 1) for the n numbers of a channel, which makes a variance unbiased. */
  correctionOf(image: Value): Value {
    const key = JSON.stringify(shapeOf(image).slice(0, 3));
    const known = this.#corrections.get(key);
    if (known !== undefined) return known;
    const int32 = DataType.int32;
    const size = makeOp('Size', [image], { T: float.T, out_type: { type: int32 } }, [
      { dtype: int32, shape: [] },
    ]);
    const count = cast(valueOf(size), DataType.float32);
    const n = elementwise('RealDiv', count, scalar(channelsOf(image)));
    const less = elementwise('Maximum', elementwise('Sub', n, scalar(1)), scalar(1));
    const correction = elementwise('RealDiv', n, less);
    this.#corrections.set(key, correction);
    return correction;
  }

  #knownChannels(image: Value): number {
    if (this.#known.get(uncast(image)) !== undefined) return channelsOf(image);
    return (partsOf(image) ?? []).reduce((sum, part) => sum + this.#knownChannels(part), 0);
  }
}

const float = { T: { type: DataType.float32 }, U: { type: DataType.float32 } };

function concatenated(parts: readonly Statistics[]): Statistics {
  const concat = (kind: keyof Statistics): Value => {
    const vectors = parts.map((part) => part[kind]);
    const length = vectors.reduce((sum, vector) => sum + (shapeOf(vector)[0] as number), 0);
    const axis = constant(DataType.int32, [], [0]);
    const attributes = { N: { int: parts.length }, Tidx: { type: DataType.int32 } };
    return opValue('ConcatV2', [...vectors, axis], attributes, { dtype: DataType.float32, shape: [length] });
  };
  return { mean: concat('mean'), variance: concat('variance') };
}

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

/** The parts of a concatenation of images along their channels, in float32; null for any other value. */
function partsOf(value: Value): readonly Value[] | null {
  const concat = opOf(value, 'ConcatV2');
  if (concat === null || typeAttribute(concat, 'T') !== DataType.float32) return null;
  const axis = concat.inputs.at(-1)!.node;
  if (axis.kind !== 'constant' || (axis.values[0] !== 3 && axis.values[0] !== -1)) return null;
  const parts = concat.inputs.slice(0, -1);
  return parts.every((part) => shapeOf(part).length === 4) ? parts : null;
}

function channelsOf(image: Value): number {
  return shapeOf(image)[3] as number;
}

function numberOf(attribute: Attribute | undefined): number {
  return (attribute as { float: number }).float;
}
