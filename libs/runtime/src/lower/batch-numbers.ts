import { DataType } from '../binding';
import { RuntimeError } from '../errors';
import type { BatchNumber, Size } from '../graph/size';
import type { GraphBuilder } from './graph-builder';
import type { NodeAttribute } from './graph-def';

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
