import { DENSE_BACKWARD, type Lanes } from '../native-ops';
import { type GeneralOp, type GeneralRecording, isMatrixProduct, shapeOf, type Size } from './generalise';
import type { GraphBuilder } from './graph-builder';
import type { GraphVariable } from './recording-graph';
import { keyOf, type RecordedMomentum, type RecordedUpdate, type Source } from './recording';

/** With fewer weights a layer's time is that of calling kernels, however many there are. */
const FEWEST_WEIGHTS = 4096;

/** What one op does for a dense layer, y = x w: the update of w by its gradient x' dy, and the gradient dy w' by x. */
interface Layer {
  readonly update: RecordedMomentum;
  readonly x: Source;
  readonly dy: Source;
  /** The node of w's gradient. */
  readonly gradient: number;
  /** The node of x's gradient; null where there is none. */
  readonly inputGradient: number | null;
}

/** A product's factors, as they are recorded. */
interface Product {
  readonly left: Source;
  readonly right: Source;
  readonly transposed: readonly [boolean, boolean];
}

/** Where the op's operands are in the graph. */
interface Operands {
  readonly ref: (source: Source) => string;
  readonly variables: readonly GraphVariable[];
}

/**
 * Dense layers whose backward pass and momentum update are one op, which goes over the weights once
 * (docs/performance.md): the gradient by the weights never is in memory.
 */
export class DenseBackward {
  readonly #graph: GraphBuilder;
  readonly #prefix: string;
  readonly #lanes: Lanes;
  readonly #layers = new Map<number, Layer>();
  /** The added op of each layer. */
  readonly #added = new Map<Layer, string>();

  /** @param needed the places of the nodes that are going to be added */
  constructor(
    graph: GraphBuilder,
    prefix: string,
    recording: GeneralRecording,
    needed: ReadonlySet<number>,
    lanes: Lanes,
  ) {
    this.#graph = graph;
    this.#prefix = prefix;
    this.#lanes = lanes;
    for (const layer of denseLayers(recording, needed)) {
      this.#layers.set(layer.gradient, layer);
      if (layer.inputGradient !== null) this.#layers.set(layer.inputGradient, layer);
    }
  }

  /**
   * Adds the op of the layer to which a node belongs, if it isn't there yet.
   *
   * @returns the value of the node; null where it belongs to no layer
   */
  addFor(node: number, { ref, variables }: Operands): string | null {
    const layer = this.#layers.get(node);
    if (layer === undefined) return null;
    const { update, x, dy, inputGradient } = layer;
    let name = this.#added.get(layer);
    if (name === undefined) {
      const weights = variables[update.variable]!;
      const handles = [weights.handle!, variables[update.velocity]!.handle!];
      const isRead = `^${weights.wide ?? weights.value}`;
      name = this.#graph.add(
        `${this.#prefix}/${node}_${DENSE_BACKWARD}`,
        DENSE_BACKWARD,
        [...handles, ...[x, dy, update.learningRate].map(ref), isRead],
        {
          momentum: { float: update.momentum },
          use_nesterov: update.nesterov,
          input_gradient: inputGradient !== null,
          lanes: { int: this.#lanes },
        },
      );
      this.#added.set(layer, name);
    }
    return name;
  }

  /** The node that makes an update; undefined where it belongs to no layer. */
  updateOf(update: RecordedUpdate): string | undefined {
    if (update.kind === 'assign') return undefined;
    const layer = this.#layers.get(update.gradient.node);
    return layer && this.#added.get(layer);
  }
}

function denseLayers(recording: GeneralRecording, needed: ReadonlySet<number>): Layer[] {
  const { nodes, updates, outputs } = recording;
  const uses = new Map<string, number>();
  const use = (source: Source): void => void uses.set(keyOf(source), (uses.get(keyOf(source)) ?? 0) + 1);
  nodes.forEach((node, i) => {
    if (needed.has(i) && node.kind === 'op') node.inputs.forEach(use);
  });
  Object.values(outputs).forEach(use);
  updates.forEach((update) => use(update.kind === 'assign' ? update.value : update.gradient));

  const updated = updates.flatMap((update) =>
    update.kind === 'assign' ? [update.variable] : [update.variable, update.velocity],
  );
  const products = nodes.map((node, i) =>
    needed.has(i) && node.kind === 'op' ? matrixProduct(node, nodes) : null,
  );
  return updates.flatMap((update): Layer[] => {
    if (update.kind === 'assign') return [];
    const { variable, velocity, gradient, learningRate } = update;
    const product = products[gradient.node];
    if (!product || product.transposed.join() !== 'true,false' || uses.get(keyOf(gradient)) !== 1) return [];
    if ([variable, velocity].some((place) => updated.filter((other) => other === place).length > 1))
      return [];
    const { left: x, right: dy } = product;
    if (!isBatch(shapeOf(nodes, x)[0]!) || !isLarge(shapeOf(nodes, gradient))) return [];
    const inputGradients = products.flatMap((other, i) => {
      const isGradient = other?.transposed.join() === 'false,true' && keyOf(other.left) === keyOf(dy);
      const factor = isGradient ? nodes[other.right.node]! : null;
      return factor?.kind === 'read' && factor.variable === variable ? [i] : [];
    });
    const inputGradient = inputGradients.length === 1 ? inputGradients[0]! : null;
    const first = Math.min(gradient.node, inputGradient ?? Infinity);
    const isKnown = nodes[learningRate.node]!.kind !== 'op' || learningRate.node < first;
    return isKnown ? [{ update, x, dy, gradient: gradient.node, inputGradient }] : [];
  });
}

function matrixProduct(node: GeneralOp, nodes: GeneralRecording['nodes']): Product | null {
  if (!isMatrixProduct(node, nodes)) return null;
  const isTransposed = (...names: string[]): boolean =>
    node.attributes.some(({ name, value }) => names.includes(name) && value === true);
  return {
    left: node.inputs[0]!,
    right: node.inputs[1]!,
    transposed: [isTransposed('transpose_a', 'adj_x'), isTransposed('transpose_b', 'adj_y')],
  };
}

/** Whether there is one row for each example of a batch: with many more, other kernels are made for it. */
function isBatch(rows: Size): boolean {
  return typeof rows !== 'number' && !rows.inverse && rows.base === 0 && rows.factor === 1;
}

function isLarge(shape: readonly Size[]): boolean {
  return (shape as readonly number[]).reduce((product, size) => product * size, 1) >= FEWEST_WEIGHTS;
}
