import { DataType } from '../../binding';
import {
  type Graph,
  isSame,
  type Node,
  type Op,
  opOf,
  shapeOf,
  typeAttribute,
  type Value,
  valueOf,
} from '../../graph/graph';
import type { ValueMap } from '../../graph/value-map';
import { countUses, usersOf } from '../../graph/value-map';
import { BATCH_NORM_GRADIENT, NORMALISE } from '../../native-ops';
import { area, convolutionOf } from '../convolutions/convolution';

/** An image that only a convolution of 1x1 reads, normalised and rectified, and what is computed right after it. */
export interface NormalisedLayer {
  /** Our op, which normalises. */
  readonly norm: Op;
  readonly convolution: Op;
  /** What is added to the convolution: biases [filters], or images. */
  readonly others: readonly Value[];
  /** What has all that added. */
  readonly sum: Op;
  /** Null where there are no gradients. */
  readonly backward: BackwardLayer | null;
}

/** The gradients of such a layer. */
export interface BackwardLayer {
  readonly dy: Value;
  readonly filterGradient: Op;
  readonly normGradient: Op;
  /** That by a bias, which is the sum of dy; null where there is none. */
  readonly biasGradient: Op | null;
  /** What else is added to the gradient by the image; its first channels where there are more. */
  readonly others: readonly Value[];
  /** What has it added; the gradient of the batch-norm where there is nothing. */
  readonly sum: Op;
  /** The op that splits the first channels of `others` from the rest, if so. */
  readonly split: Op | null;
}

/** All such layers of a graph. */
export function normalisedLayers(graph: Graph): NormalisedLayer[] {
  const finder = new Finder(graph);
  return graph.nodes.flatMap((node) => (node.kind === 'op' ? (finder.layerOf(node) ?? []) : []));
}

class Finder {
  readonly #users: ValueMap<Op[]>;
  readonly #uses: ValueMap<number>;
  readonly #places: ReadonlyMap<Node, number>;
  /** Ops that add, and already do it for a layer. */
  readonly #taken = new Set<Op>();

  constructor(graph: Graph) {
    this.#users = usersOf(graph);
    this.#uses = countUses(graph);
    this.#places = new Map(graph.nodes.map((node, place) => [node, place]));
  }

  /** The layer of a convolution. */
  layerOf(convolution: Op): NormalisedLayer | null {
    if (!isProduct(convolution, 'Conv2D')) return null;
    const rectified = convolution.inputs[0]!;
    const norm = opOf(rectified, NORMALISE);
    if (norm?.attributes['rectify'] !== true) return null;
    const backward = this.#uses.get(rectified) === 1 ? null : this.#backwardOf(convolution, norm, rectified);
    if (backward === undefined) return null;

    let sum = convolution;
    const others: Value[] = [];
    const bias = this.#onlyUser(valueOf(sum));
    if (bias !== null && addsBias(bias)) {
      others.push(bias.inputs[1]!);
      sum = bias;
    }
    const addition = this.#additionTo(valueOf(sum));
    if (addition !== null) {
      others.push(...this.#termsOf(addition.other));
      sum = addition.op;
    }
    return { norm, convolution, others, sum, backward };
  }

  /** An image and the bias that was added to it, if nobody else takes their sum. */
  #termsOf(value: Value): readonly Value[] {
    const { node } = value;
    return node.kind === 'op' && addsBias(node) && this.#uses.get(value) === 1 ? node.inputs : [value];
  }

  /** The gradients; undefined where what else reads the rectified image isn't just them. */
  #backwardOf(convolution: Op, norm: Op, rectified: Value): BackwardLayer | undefined {
    if (this.#uses.get(rectified) !== 2) return undefined;
    const filterGradient = this.#users
      .get(rectified)!
      .find((reader) => isProduct(reader, 'Conv2DBackpropFilter'));
    const normGradient = this.#users
      .get(norm.inputs[1]!)!
      .find(({ op, inputs }) => op === BATCH_NORM_GRADIENT && isAll(inputs.slice(1, 4), norm.inputs));
    if (filterGradient === undefined || normGradient?.attributes['rectify'] !== true) return undefined;
    const dy = filterGradient.inputs[2]!;
    const dz = normGradient.inputs[0]!;
    const inputGradient = opOf(dz, 'Conv2DBackpropInput');
    const isOfConvolution =
      inputGradient !== null &&
      isProduct(inputGradient, 'Conv2DBackpropInput') &&
      isAll(inputGradient.inputs.slice(1), [convolution.inputs[1]!, dy]) &&
      this.#uses.get(dz) === 1;
    if (!isOfConvolution) return undefined;

    const biasGradient = this.#users.get(dy)!.find((reader) => sumsBias(reader)) ?? null;
    const alone = {
      dy,
      filterGradient,
      normGradient,
      biasGradient,
      others: [],
      sum: normGradient,
      split: null,
    };
    const addition = this.#additionTo(valueOf(normGradient));
    // One op gives all gradients: what it adds to one of them has to be there before the first is needed.
    if (addition === null || !this.#isBefore(addition.other, filterGradient)) return alone;
    const isInTime = biasGradient !== null && this.#isBefore(addition.other, biasGradient);
    const split = this.#splitOf(addition.other);
    const other = split === null ? addition.other : split.inputs[0]!;
    return {
      ...alone,
      biasGradient: isInTime ? biasGradient : null,
      others: [other],
      sum: addition.op,
      split,
    };
  }

  /** The op that takes a value, if it is the only one, and takes it once. */
  #onlyUser(value: Value): Op | null {
    return this.#uses.get(value) === 1 ? (this.#users.get(value)?.[0] ?? null) : null;
  }

  /** The only reader of a value, if it adds another one of the same shape, and that one. */
  #additionTo(value: Value): { readonly op: Op; readonly other: Value } | null {
    const op = this.#onlyUser(value);
    if (op === null || !['Add', 'AddV2', 'AddN'].includes(op.op) || op.inputs.length !== 2) return null;
    const other = op.inputs.find((input) => !isSame(input, value))!;
    if (this.#taken.has(op) || !hasShapeOf(other, value)) return null;
    this.#taken.add(op);
    return { op, other };
  }

  #isBefore({ node }: Value, op: Op): boolean {
    return node.kind !== 'op' || this.#places.get(node)! < this.#places.get(op)!;
  }

  /** The op that a value is the first of two parts of, its channels, if nobody else takes it. */
  #splitOf(value: Value): Op | null {
    const split = opOf(value, 'SplitV');
    if (split?.outputs.length !== 2 || value.output !== 0 || this.#uses.get(value) !== 1) return null;
    const axis = split.inputs[2]!.node;
    const rank = shapeOf(value).length;
    return axis.kind === 'constant' && (axis.values[0] === rank - 1 || axis.values[0] === -1) ? split : null;
  }
}

/** Whether a convolution or one of its gradients is a product of matrices: of 1x1, with stride 1, in float32. */
function isProduct(node: Op, op: string): boolean {
  if (node.op !== op || typeAttribute(node, 'T') !== DataType.float32) return false;
  const convolution = convolutionOf(node);
  return convolution !== null && area(convolution.filter) === 1;
}

function addsBias({ op, attributes }: Op): boolean {
  return op === 'BiasAdd' && attributes['data_format'] === 'NHWC';
}

function sumsBias({ op, attributes }: Op): boolean {
  return op === 'BiasAddGrad' && attributes['data_format'] === 'NHWC';
}

function isAll(values: readonly Value[], others: readonly Value[]): boolean {
  return values.every((value, i) => isSame(value, others[i]!));
}

function hasShapeOf(value: Value, other: Value): boolean {
  return JSON.stringify(shapeOf(value)) === JSON.stringify(shapeOf(other));
}
