import { OnnxError } from '../errors';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../format/onnx-model';

/** A value of the graph, without the batch. */
export interface Value {
  readonly name: string;
  /** As tfjs has it: [units], or [height, width, channels]. */
  readonly shape: readonly number[];
  /**
   * Null where the numbers lie in tfjs's order. Otherwise the shape, [height, width, channels], of the image whose
   * numbers they are with the channels first: 4-dimensional, or flattened where `shape` has one dimension.
   */
  readonly channelsFirst: readonly number[] | null;
}

/** Collects nodes and constants; equal names are numbered. */
export class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];
  readonly #names = new Set<string>();

  /**
   * Adds a node of one output.
   *
   * @param output what to call it
   * @returns the output's name
   */
  add(
    output: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const name = this.#unique(output);
    this.nodes.push({ name, op, inputs, outputs: [name], attributes });
    return name;
  }

  /** Adds float32 numbers. */
  constant(name: string, dims: readonly number[], values: Float32Array): string {
    return this.#addConstant({ name, dims, values });
  }

  /** Adds whole numbers, a vector: a shape, places, or axes. */
  integers(name: string, values: readonly number[]): string {
    return this.#addConstant({ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) });
  }

  /** Adds a float32 scalar. */
  scalar(name: string, value: number): string {
    return this.constant(name, [], Float32Array.of(value));
  }

  /** Keeps a name for an input or output of the graph. */
  reserve(name: string): void {
    if (this.#names.has(name)) throw new OnnxError(`A layer is named "${name}": give it another name.`);
    this.#names.add(name);
  }

  #addConstant(tensor: OnnxTensor): string {
    const name = this.#unique(tensor.name);
    this.constants.push({ ...tensor, name });
    return name;
  }

  #unique(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }
}
