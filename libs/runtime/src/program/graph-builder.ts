import { type BindingAttribute, DataType, nodeBackend } from '../binding';
import { RuntimeError } from '../errors';
import type { BatchNumber, Size } from './generalise';
import type { GraphNode, NodeAttribute } from './graph-def';

/**
 * Adds a node in the precision of a recording.
 *
 * @param shapes of the op's inputs and of its first output
 * @param work 'heavy' where the op's work is worth bfloat16 in any case; otherwise that is found out
 * @returns the node's name, as of `GraphBuilder.add`
 */
export type AddNode = (
  name: string,
  op: string,
  operands: readonly string[],
  attributes: Readonly<Record<string, NodeAttribute>>,
  shapes: readonly (readonly Size[])[],
  work?: 'heavy',
) => string;

/** Collects the nodes of a graph. Equal constants become one node. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly #constants = new Map<string, string>();
  readonly #names = new Set<string>();

  /**
   * Adds a node.
   *
   * @returns the node's name, which is also its first output
   */
  add(
    name: string,
    op: string,
    inputs: readonly string[] = [],
    attributes: Readonly<Record<string, NodeAttribute>> = {},
  ): string {
    if (this.#names.has(name)) throw new RuntimeError(`The program has two nodes named ${name}.`);
    this.#names.add(name);
    this.nodes.push({ name, op, inputs, attributes });
    return name;
  }

  /** Adds a constant, or finds the one that is there. */
  constant(dtype: number, shape: readonly number[], values: ArrayLike<number>): string {
    const bytes = bytesOf(dtype, values);
    const key = bytes.length <= 256 ? `${dtype}|${shape.join()}|${bytes.toString('latin1')}` : null;
    const known = key === null ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = { dtype, shape, bytes };
    const name = this.add(`constant/${this.#names.size}`, 'Const', [], {
      dtype: { type: dtype },
      value: { tensor },
    });
    if (key !== null) this.#constants.set(key, name);
    return name;
  }

  /** Adds a scalar of type int32. */
  int(value: number): string {
    return this.constant(DataType.int32, [], [value]);
  }

  /** Adds the size of a tensor's axis, an int32 scalar. */
  addSize(name: string, tensor: string, dtype: number, axis: number): string {
    const type = { type: DataType.int32 };
    const shape = this.add(`${name}/shape`, 'Shape', [tensor], { T: { type: dtype }, out_type: type });
    const types = { Tparams: type, Tindices: type, Taxis: type };
    return this.add(name, 'GatherV2', [shape, this.int(axis), this.int(0)], types);
  }
}

/** Numbers of an entry point that follow from its batch size; each different one is computed once. */
export class BatchNumbers {
  readonly #graph: GraphBuilder;
  readonly #prefix: string;
  readonly #size: string;
  readonly #known = new Map<string, string>();

  /** @param size int32 scalar: the batch size */
  constructor(graph: GraphBuilder, prefix: string, size: string) {
    this.#graph = graph;
    this.#prefix = prefix;
    this.#size = size;
  }

  /** A vector, or a scalar where `scalar` says so, of numbers of which some depend on the batch size. */
  values(dtype: number, sizes: readonly Size[], scalar = false): string {
    const key = JSON.stringify([dtype, sizes, scalar]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const shape = scalar ? [] : [sizes.length];
    const dependent = sizes.filter((size): size is BatchNumber => typeof size !== 'number');
    const inverse = dependent[0]?.inverse ?? false;
    if (dependent.some((size) => size.inverse !== inverse)) {
      throw new RuntimeError(
        'A constant mixes numbers that grow and shrink with the batch size: it cannot be compiled.',
      );
    }
    const bases = sizes.map((size) => (typeof size === 'number' ? size : size.base));
    const factors = sizes.map((size) => (typeof size === 'number' ? 0 : size.factor));
    const name = `${this.#prefix}/batch_number${this.#known.size}`;
    const graph = this.#graph;
    const T: Record<string, NodeAttribute> = { T: { type: dtype } };
    const factor = graph.constant(dtype, shape, factors);
    const scaled = inverse
      ? graph.add(`${name}/scaled`, 'RealDiv', [factor, this.#as(dtype)], T)
      : graph.add(`${name}/scaled`, 'Mul', [factor, this.#as(dtype)], T);
    const result = bases.every((base) => base === 0)
      ? scaled
      : graph.add(name, 'AddV2', [graph.constant(dtype, shape, bases), scaled], T);
    this.#known.set(key, result);
    return result;
  }

  #as(dtype: number): string {
    if (dtype === DataType.int32) return this.#size;
    const key = `cast${dtype}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const attributes: Record<string, NodeAttribute> = {
      SrcT: { type: DataType.int32 },
      DstT: { type: dtype },
    };
    const result = this.#graph.add(`${this.#prefix}/batch_size${dtype}`, 'Cast', [this.#size], attributes);
    this.#known.set(key, result);
    return result;
  }
}

/** A recorded op's attribute in a graph. */
export function nodeAttribute({ name, type, value }: BindingAttribute): NodeAttribute {
  const { binding } = nodeBackend();
  switch (type) {
    case binding.TF_ATTR_STRING:
      return value as string;
    case binding.TF_ATTR_BOOL:
      return value as boolean;
    case binding.TF_ATTR_INT:
      return { int: value as number | number[] };
    case binding.TF_ATTR_FLOAT:
      return { float: value as number | number[] };
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_SHAPE:
      return { shape: value as number[] };
    default:
      throw new RuntimeError(`The attribute ${name} has the unknown type ${type}.`);
  }
}

function bytesOf(dtype: number, values: ArrayLike<number>): Buffer {
  const arrays = {
    [DataType.float32]: Float32Array,
    [DataType.int32]: Int32Array,
    [DataType.uint8]: Uint8Array,
    [DataType.bool]: Uint8Array,
  };
  const Values = arrays[dtype as keyof typeof arrays];
  if (Values === undefined)
    throw new RuntimeError(`Constants of TensorFlow's type ${dtype} cannot be compiled.`);
  const array = values instanceof Values ? values : Values.from(values);
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
