import { DataType } from '../../binding';
import { dtypeOf, type Op, shapeOf, typeAttribute, type Value, valueOf } from '../../graph/graph';
import { cast } from '../../graph/ops';
import { rewrite, withInputs } from '../../graph/rewrite';
import { staticElements } from '../../graph/size';
import { ValueMap } from '../../graph/value-map';
import {
  BATCH_NORM_FACTORS,
  BATCH_NORM_GRADIENT,
  CHANNEL_STATISTICS,
  CONVOLUTION,
  FILTER_GRADIENT,
  NORMALISE,
  NORMALISED_PRODUCT,
  NORMALISED_PRODUCT_GRADIENT,
} from '../../native-ops';
import type { Pass } from '../pass';

/** Which inputs and outputs of an op have the type of its attribute T. */
interface TypedPlaces {
  readonly inputs: readonly number[] | ((node: Op) => readonly number[]);
  readonly outputs: readonly number[];
}

const first: TypedPlaces = { inputs: [0], outputs: [0] };
const pair: TypedPlaces = { inputs: [0, 1], outputs: [0] };

/** All inputs but some, one after the other: the first of them after those of an op's parts and so many more. */
const allBut =
  (more: number, count: number) =>
  ({ inputs, attributes }: Op): readonly number[] => {
    const begin = (attributes['parts'] as { int: number }).int + more;
    return [...inputs.keys()].filter((place) => place < begin || place >= begin + count);
  };

/** Ops whose work is worth the casts around them. */
const HEAVY: Readonly<Record<string, TypedPlaces>> = {
  Conv2D: pair,
  Conv2DBackpropInput: { inputs: [1, 2], outputs: [0] },
  Conv2DBackpropFilter: { inputs: [0, 2], outputs: [0] },
  MatMul: pair,
  [CONVOLUTION]: first,
  [FILTER_GRADIENT]: { inputs: [0, 1], outputs: [] },
  [NORMALISED_PRODUCT]: { inputs: allBut(0, 3), outputs: [0] },
  [NORMALISED_PRODUCT_GRADIENT]: { inputs: allBut(1, 5), outputs: [0] },
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
  ConcatV2: { inputs: ({ inputs }) => [...inputs.keys()].slice(0, -1), outputs: [0] },
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
  [BATCH_NORM_FACTORS]: { inputs: [0], outputs: [] },
  [BATCH_NORM_GRADIENT]: pair,
  [CHANNEL_STATISTICS]: { inputs: [0], outputs: [] },
  [NORMALISE]: first,
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
  BATCH_NORM_GRADIENT,
]);

/** Light ops that are fast in bfloat16 only where the channels are a multiple of this many. */
const BLOCK = 16;
const IN_BLOCKS: ReadonlySet<string> = new Set(['ConcatV2', 'FusedBatchNormV3', 'FusedBatchNormGradV3']);

/** A matrix product is heavy when one of its matrices has this many elements for each example. */
const LARGE_MATRIX = 1 << 16;

/** Statistics of batch-norm, gradients as the optimiser sees them, losses and updates stay float32. */
export const bfloat16: Pass = {
  name: 'bfloat16',
  description: 'computes convolutions, large matrix products and what is between them in bfloat16',
  appliesTo: ({ precision }) => precision === 'bfloat16',
  run(graph) {
    const casts = { float32: new ValueMap<Value>(), bfloat16: new ValueMap<Value>() };
    const as = (type: keyof typeof casts, value: Value): Value => {
      const known = casts[type].get(value) ?? cast(value, DataType[type]);
      casts[type].set(value, known);
      return known;
    };
    const asFloat = (value: Value): Value => (isHalf(value) ? as('float32', value) : value);
    return rewrite(
      graph,
      (node) => {
        if (node.kind !== 'op') return null;
        const places = placesOf(node);
        if (places === null) return withInputs(node, node.inputs.map(asFloat));
        const halves = inputPlaces(places, node);
        return {
          ...node,
          inputs: node.inputs.map((input, i) =>
            halves.includes(i) ? as('bfloat16', input) : asFloat(input),
          ),
          attributes: { ...node.attributes, T: { type: DataType.bfloat16 } },
          outputs: node.outputs.map((type, i) =>
            places.outputs.includes(i) ? { ...type, dtype: DataType.bfloat16 } : type,
          ),
        };
      },
      asFloat,
    );
  },
};

/** The places of an op that become bfloat16; null where the op stays as it is. */
function placesOf(node: Op): TypedPlaces | null {
  const { op, inputs, outputs } = node;
  if (typeAttribute(node, 'T') !== DataType.float32) return null;
  const heavy = HEAVY[op];
  if (heavy !== undefined) return op !== 'MatMul' || hasLargeMatrix(node) ? heavy : null;
  const light = LIGHT[op];
  if (light === undefined) return null;
  const channels = outputs[0]!.shape.at(-1);
  const isFast = !IN_BLOCKS.has(op) || (typeof channels === 'number' && channels % BLOCK === 0);
  const typed = inputPlaces(light, node).map((place) => inputs[place]!);
  return isFast && (OF_HALVES.has(op) ? typed.every(isHalf) : typed.some(isHalf)) ? light : null;
}

function inputPlaces({ inputs }: TypedPlaces, node: Op): readonly number[] {
  return typeof inputs === 'function' ? inputs(node) : inputs;
}

function isHalf(value: Value): boolean {
  return dtypeOf(value) === DataType.bfloat16;
}

function hasLargeMatrix(node: Op): boolean {
  return [...node.inputs, valueOf(node)].some((value) => staticElements(shapeOf(value)) >= LARGE_MATRIX);
}
