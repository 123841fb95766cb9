import { DataType } from '../binding';
import { hasBfloat16Kernels } from '../processor';
import type { Size } from './generalise';
import type { AddNode, GraphBuilder } from './graph-builder';
import type { NodeAttribute } from './graph-def';

/** Which inputs and outputs of an op have the type of its attribute T. */
interface TypedPlaces {
  /** 'values' stands for all inputs but the last one. */
  readonly inputs: readonly number[] | 'values';
  readonly outputs: readonly number[];
}

const first: TypedPlaces = { inputs: [0], outputs: [0] };
const pair: TypedPlaces = { inputs: [0, 1], outputs: [0] };

/** Ops whose work is worth the casts around them. */
const HEAVY: Readonly<Record<string, TypedPlaces>> = {
  Conv2D: pair,
  Conv2DBackpropInput: { inputs: [1, 2], outputs: [0] },
  Conv2DBackpropFilter: { inputs: [0, 2], outputs: [0] },
  MatMul: pair,
};

/** Ops that take and give bfloat16 between heavy ones, so that no casts are needed there. */
const LIGHT: Readonly<Record<string, TypedPlaces>> = {
  Add: pair,
  AddV2: pair,
  AvgPool: first,
  AvgPoolGrad: { inputs: [1], outputs: [0] },
  BatchMatMulV2: pair,
  BiasAdd: pair,
  BiasAddGrad: first,
  ConcatV2: { inputs: 'values', outputs: [0] },
  ExtractImagePatches: first,
  FusedBatchNormV3: first,
  FusedBatchNormGradV3: pair,
  MaxPool: first,
  MaxPoolGrad: { inputs: [0, 1, 2], outputs: [0] },
  Pad: first,
  Relu: first,
  ReluGrad: pair,
  Reshape: first,
  Slice: first,
};

/**
 * Light ops for nothing but bfloat16: what is float32, such as a penalty's gradient, isn't rounded for a sum, and
 * gradients follow their op.
 */
const OF_HALVES: ReadonlySet<string> = new Set([
  'Add',
  'AddV2',
  'ConcatV2',
  'FusedBatchNormGradV3',
  'ReluGrad',
]);

/** Light ops that are fast in bfloat16 only where the channels are a multiple of this many. */
const BLOCK = 16;
const IN_BLOCKS: ReadonlySet<string> = new Set(['ConcatV2', 'FusedBatchNormV3', 'FusedBatchNormGradV3']);

/** A matrix product is heavy when one of its matrices has this many elements for each example. */
const LARGE_MATRIX = 1 << 16;

/**
 * Decides for each op of a recording whether it runs in bfloat16, and adds the casts. Statistics of batch-norm,
 * gradients as the optimiser sees them, losses and updates stay float32.
 *
 * Where TensorFlow has no kernels for bfloat16, the ops run in float32 on numbers that are rounded to bfloat16, as are
 * their outputs: the results are the same but for the order of sums.
 */
export class Bfloat16 {
  readonly #graph: GraphBuilder;
  readonly #prefix: string;
  readonly #hasKernels: boolean;
  /** What has the numbers of bfloat16: in that type with kernels, in float32 and yet to be rounded without. */
  readonly #halves = new Set<string>();
  readonly #casts = new Map<string, string>();

  constructor(graph: GraphBuilder, prefix: string, hasKernels = hasBfloat16Kernels()) {
    this.#graph = graph;
    this.#prefix = prefix;
    this.#hasKernels = hasKernels;
  }

  /** Adds an op, in bfloat16 where that is worth it: see `AddNode`. */
  add(...[name, op, operands, attributes, shapes, work]: Parameters<AddNode>): string {
    const places = this.#placesOf(op, operands, attributes, shapes, work);
    if (places === null) {
      const floats = operands.map((ref) => this.asFloat(ref));
      return this.#graph.add(name, op, floats, attributes);
    }
    const halves = inputsOf(places, operands);
    const inputs = operands.map((ref, place) =>
      halves.includes(place) ? this.#asHalf(ref) : this.asFloat(ref),
    );
    const type = this.#hasKernels ? DataType.bfloat16 : DataType.float32;
    this.#graph.add(name, op, inputs, { ...attributes, T: { type } });
    for (const output of places.outputs) this.#halves.add(output === 0 ? name : `${name}:${output}`);
    return name;
  }

  /** Whether an op would be in bfloat16. */
  takes(...[, op, operands, attributes, shapes, work]: Parameters<AddNode>): boolean {
    return this.#placesOf(op, operands, attributes, shapes, work) !== null;
  }

  /** The places of an op that become bfloat16; null where the op stays as it is. */
  #placesOf(
    op: string,
    operands: readonly string[],
    attributes: Readonly<Record<string, NodeAttribute>>,
    shapes: readonly (readonly Size[])[],
    work: 'heavy' | undefined,
  ): TypedPlaces | null {
    const type = attributes['T'];
    if (typeof type !== 'object' || !('type' in type) || type.type !== DataType.float32) return null;
    if (work === 'heavy') return HEAVY[op] ?? LIGHT[op] ?? null;
    const heavy = HEAVY[op];
    if (heavy !== undefined) return op !== 'MatMul' || shapes.some(isLarge) ? heavy : null;
    const light = LIGHT[op];
    if (light === undefined || !isFast(op, shapes)) return null;
    const isHalf = (place: number): boolean => this.#halves.has(operands[place]!);
    const places = inputsOf(light, operands);
    return (OF_HALVES.has(op) ? places.every(isHalf) : places.some(isHalf)) ? light : null;
  }

  /** A value as float32, or as what it is if it isn't bfloat16. */
  asFloat(ref: string): string {
    if (!this.#halves.has(ref)) return ref;
    return this.#hasKernels ? this.#cast(ref, DataType.bfloat16, DataType.float32) : this.#rounded(ref);
  }

  #asHalf(ref: string): string {
    if (!this.#hasKernels) return this.#rounded(ref);
    return this.#halves.has(ref) ? ref : this.#cast(ref, DataType.float32, DataType.bfloat16);
  }

  #rounded(ref: string): string {
    const half = this.#cast(ref, DataType.float32, DataType.bfloat16);
    return this.#cast(half, DataType.bfloat16, DataType.float32);
  }

  #cast(ref: string, from: number, to: number): string {
    const key = `${ref}>${to}`;
    let cast = this.#casts.get(key);
    if (cast === undefined) {
      const types = { SrcT: { type: from }, DstT: { type: to } };
      cast = this.#graph.add(`${this.#prefix}/cast${this.#casts.size}`, 'Cast', [ref], types);
      this.#casts.set(key, cast);
    }
    return cast;
  }
}

function inputsOf({ inputs }: TypedPlaces, operands: readonly string[]): readonly number[] {
  return inputs === 'values' ? Array.from({ length: operands.length - 1 }, (_, place) => place) : inputs;
}

/** Whether a light op is as fast in bfloat16 as in float32. */
function isFast(op: string, shapes: readonly (readonly Size[])[]): boolean {
  if (!IN_BLOCKS.has(op)) return true;
  const channels = shapes.at(-1)!.at(-1);
  return typeof channels === 'number' && channels % BLOCK === 0;
}

function isLarge(shape: readonly Size[]): boolean {
  return (
    shape.reduce<number>((product, size) => (typeof size === 'number' ? product * size : product), 1) >=
    LARGE_MATRIX
  );
}
