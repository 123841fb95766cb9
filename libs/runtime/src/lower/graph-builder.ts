import { DataType } from '../binding';
import { RuntimeError } from '../errors';
import type { GraphNode, NodeAttribute } from './graph-def';

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

  /** Adds a resource variable: the node of its handle. */
  addVariable(name: string, dtype: number, shape: readonly number[]): string {
    const attributes = { dtype: { type: dtype }, shape: { shape }, shared_name: name, container: '' };
    return this.add(name, 'VarHandleOp', [], attributes);
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
