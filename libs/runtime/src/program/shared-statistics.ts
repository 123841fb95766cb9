import { DataType } from '../binding';
import { dtypeOf, type GeneralNode, type GeneralOp, shapeOf } from './generalise';
import type { GraphBuilder } from './graph-builder';
import type { NodeAttribute } from './graph-def';
import { keyOf, type Source } from './recording';

/** Nodes of a batch's mean and (biased) variance, each [channels]. */
interface Statistics {
  readonly mean: string;
  readonly variance: string;
}

const float = { T: { type: DataType.float32 } };

/**
 * Shares the statistics of batch-norms between layers that see the same channels, as those of a dense block do: the
 * mean and the variance of a concatenation are those of its parts. What is left of such a batch-norm is one pass over
 * the image, a factor and an offset for each channel, in place of four.
 */
export class SharedStatistics {
  readonly #graph: GraphBuilder;
  readonly #prefix: string;
  readonly #nodes: readonly GeneralNode[];
  readonly #refOf: (source: Source) => string;
  readonly #known = new Map<string, Statistics>();
  readonly #corrections = new Map<string, string>();

  /** @param refOf the node of a recorded value that was added before, as float32 */
  constructor(
    graph: GraphBuilder,
    prefix: string,
    nodes: readonly GeneralNode[],
    refOf: (source: Source) => string,
  ) {
    this.#graph = graph;
    this.#prefix = prefix;
    this.#nodes = nodes;
    this.#refOf = refOf;
  }

  /** Says that a batch-norm which computes its statistics itself was added. */
  keep(node: GeneralOp, ref: string): void {
    if (!computesStatistics(node)) return;
    this.#known.set(keyOf(node.inputs[0]!), { mean: `${ref}:3`, variance: `${ref}:4` });
  }

  /**
   * Adds a batch-norm of a concatenation.
   *
   * @param attributes the op's attributes in a graph
   * @returns the nodes of the op's outputs; null where the statistics of most channels aren't there yet
   */
  addBatchNorm(
    name: string,
    node: GeneralOp,
    attributes: Readonly<Record<string, NodeAttribute>>,
  ): readonly string[] | null {
    const source = node.inputs[0]!;
    if (!computesStatistics(node) || this.#partsOf(source) === null) return null;
    const channels = this.#channels(source);
    if (2 * this.#knownChannels(source) < channels) return null;

    const graph = this.#graph;
    const [image, factor, offset, movingMean, movingVariance] = node.inputs.map(this.#refOf) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const add = (suffix: string, op: string, ...inputs: string[]): string =>
      graph.add(`${name}/${suffix}`, op, inputs, float);
    const { mean, variance } = this.#statisticsOf(source);

    const epsilon = this.#scalar(numberOf(attributes['epsilon']));
    const deviation = add('inverse_deviation', 'Rsqrt', add('variance_epsilon', 'AddV2', variance, epsilon));
    const scale = add('scale', 'Mul', factor, deviation);
    const shift = add('shift', 'Sub', offset, add('scaled_mean', 'Mul', mean, scale));
    const filterShape = graph.constant(DataType.int32, [4], [1, 1, channels, 1]);
    const filter = graph.add(`${name}/filter`, 'Reshape', [scale, filterShape], {
      ...float,
      Tshape: { type: DataType.int32 },
    });
    const scaled = graph.add(`${name}/scaled`, 'DepthwiseConv2dNative', [image, filter], {
      ...float,
      strides: { int: [1, 1, 1, 1] },
      padding: 'VALID',
      data_format: 'NHWC',
    });
    const y = graph.add(name, 'BiasAdd', [scaled, shift], { ...float, data_format: 'NHWC' });

    const rate = numberOf(attributes['exponential_avg_factor']);
    const moved = (suffix: string, old: string, value: string): string =>
      add(
        suffix,
        'AddV2',
        add(`${suffix}/kept`, 'Mul', old, this.#scalar(1 - rate)),
        add(`${suffix}/new`, 'Mul', value, this.#scalar(rate)),
      );
    const unbiased = add('unbiased', 'Mul', variance, this.#correction(source));
    return [
      y,
      moved('moving_mean', movingMean, mean),
      moved('moving_variance', movingVariance, unbiased),
      mean,
      variance,
      graph.constant(DataType.float32, [1], [0]),
    ];
  }

  #statisticsOf(source: Source): Statistics {
    const key = keyOf(source);
    let statistics = this.#known.get(key);
    if (statistics === undefined) {
      const parts = this.#partsOf(source);
      const name = `${this.#prefix}/statistics${key.replace(':', '_')}`;
      statistics = parts === null ? this.#computed(name, source) : this.#concatenated(name, parts);
      this.#known.set(key, statistics);
    }
    return statistics;
  }

  #concatenated(name: string, parts: readonly Source[]): Statistics {
    const all = parts.map((part) => this.#statisticsOf(part));
    const concat = (kind: keyof Statistics): string => {
      const inputs = [...all.map((statistics) => statistics[kind]), this.#graph.int(0)];
      return this.#graph.add(`${name}/${kind}`, 'ConcatV2', inputs, {
        ...float,
        N: { int: parts.length },
        Tidx: { type: DataType.int32 },
      });
    };
    return { mean: concat('mean'), variance: concat('variance') };
  }

  #computed(name: string, source: Source): Statistics {
    const channels = this.#channels(source);
    const vector = (value: number): string =>
      this.#graph.constant(DataType.float32, [channels], new Float32Array(channels).fill(value));
    const inputs = [this.#refOf(source), vector(1), vector(0), vector(0), vector(0)];
    const ref = this.#graph.add(name, 'FusedBatchNormV3', inputs, {
      ...float,
      U: { type: DataType.float32 },
      epsilon: { float: 1e-3 },
      exponential_avg_factor: { float: 1 },
      data_format: 'NHWC',
      is_training: true,
    });
    return { mean: `${ref}:3`, variance: `${ref}:4` };
  }

  /** n / (n - 1) for the n numbers of a channel, which makes a variance unbiased. */
  #correction(source: Source): string {
    const places = shapeOf(this.#nodes, source).slice(0, 3);
    const key = JSON.stringify(places);
    const known = this.#corrections.get(key);
    if (known !== undefined) return known;
    const name = `${this.#prefix}/correction${this.#corrections.size}`;
    const add = (suffix: string, op: string, ...inputs: string[]): string =>
      this.#graph.add(`${name}/${suffix}`, op, inputs, float);
    const int32 = { type: DataType.int32 };
    const size = this.#graph.add(`${name}/size`, 'Size', [this.#refOf(source)], {
      ...float,
      out_type: int32,
    });
    const count = this.#graph.add(`${name}/count`, 'Cast', [size], { SrcT: int32, DstT: float.T });
    const n = add('n', 'RealDiv', count, this.#scalar(this.#channels(source)));
    const less = add('less', 'Maximum', add('n_1', 'Sub', n, this.#scalar(1)), this.#scalar(1));
    const correction = add('value', 'RealDiv', n, less);
    this.#corrections.set(key, correction);
    return correction;
  }

  #knownChannels(source: Source): number {
    if (this.#known.has(keyOf(source))) return this.#channels(source);
    const parts = this.#partsOf(source) ?? [];
    return parts.reduce((sum, part) => sum + this.#knownChannels(part), 0);
  }

  /** The parts of a concatenation of images along their channels; null for any other value. */
  #partsOf({ node }: Source): readonly Source[] | null {
    const recorded = this.#nodes[node]!;
    if (recorded.kind !== 'op' || recorded.op !== 'ConcatV2') return null;
    const axis = this.#nodes[recorded.inputs.at(-1)!.node]!;
    if (axis.kind !== 'constant' || (axis.values[0] !== 3 && axis.values[0] !== -1)) return null;
    const parts = recorded.inputs.slice(0, -1);
    const areImages = parts.every((part) => shapeOf(this.#nodes, part).length === 4);
    return areImages && parts.every((part) => dtypeOf(this.#nodes, part) === DataType.float32) ? parts : null;
  }

  #channels(source: Source): number {
    return shapeOf(this.#nodes, source)[3] as number;
  }

  #scalar(value: number): string {
    return this.#graph.constant(DataType.float32, [], [value]);
  }
}

/** Whether an op is a batch-norm in training, with the channels last. */
function computesStatistics({ op, attributes }: GeneralOp): boolean {
  const has = (wanted: string, value: unknown): boolean =>
    attributes.some((attribute) => attribute.name === wanted && attribute.value === value);
  return op === 'FusedBatchNormV3' && has('is_training', true) && has('data_format', 'NHWC');
}

function numberOf(attribute: NodeAttribute | undefined): number {
  return (attribute as { float: number }).float;
}
