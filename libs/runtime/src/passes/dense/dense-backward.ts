import {
  changedVariables,
  type Constant,
  type Graph,
  isSame,
  type Node,
  type Op,
  opOf,
  shapeOf,
  type Value,
} from '../../graph/graph';
import { makeOp } from '../../graph/ops';
import { rewrite } from '../../graph/rewrite';
import { type Size, staticElements } from '../../graph/size';
import { countUses } from '../../graph/value-map';
import { DENSE_BACKWARD } from '../../native-ops';
import { hasFloatOps, type Pass } from '../pass';

/** With fewer weights a layer's time is that of calling kernels, however many there are. */
const FEWEST_WEIGHTS = 4096;

/** What one op does for a dense layer, y = x w: the update of w by its gradient x' dy, and the gradient dy w' by x. */
interface Layer {
  readonly update: Op;
  readonly gradient: Op;
  /** Null where there is no gradient by x. */
  readonly inputGradient: Op | null;
}

/** The op goes over the weights once (docs/performance-appendix.md): the gradient by the weights never is in memory. */
export const denseBackward: Pass = {
  name: 'dense-backward',
  description: "makes one op of a dense layer's gradients and the momentum update of its weights",
  appliesTo: hasFloatOps,
  run(graph, { machine }) {
    const layers = new Map<Node, Layer>();
    for (const layer of denseLayers(graph)) {
      for (const node of [layer.update, layer.gradient, layer.inputGradient])
        if (node) layers.set(node, layer);
    }
    const made = new Map<Layer, Op>();
    return rewrite(graph, (_, original, now) => {
      const layer = layers.get(original);
      if (layer === undefined) return null;
      let op = made.get(layer);
      if (op === undefined) {
        op = backward(layer, now, machine!.lanes!);
        made.set(layer, op);
      }
      return op;
    });
  },
};

function backward(
  { update, gradient, inputGradient }: Layer,
  now: (value: Value) => Value,
  lanes: number,
): Op {
  const [variable, velocity, learningRate, , momentum] = update.inputs as [Value, Value, Value, Value, Value];
  const [x, dy] = gradient.inputs as [Value, Value];
  const attributes = {
    momentum: { float: (momentum.node as Constant).values[0] as number },
    use_nesterov: update.attributes['use_nesterov']!,
    input_gradient: inputGradient !== null,
    lanes: { int: lanes },
  };
  const inputs = [variable, velocity, ...[x, dy, learningRate].map(now)];
  return makeOp(DENSE_BACKWARD, inputs, attributes, (inputGradient ?? gradient).outputs);
}

function denseLayers(graph: Graph): Layer[] {
  const { nodes, updates } = graph;
  const uses = countUses(graph);
  const places = new Map(nodes.map((node, place) => [node, place]));
  const changes = new Map<number, number>();
  for (const variable of updates.flatMap(changedVariables)) {
    changes.set(variable, (changes.get(variable) ?? 0) + 1);
  }
  const products = nodes.filter((node): node is Op => node.kind === 'op' && node.op === 'MatMul');
  return updates.flatMap((update): Layer[] => {
    const variables = changedVariables(update);
    if (update.op !== 'ResourceApplyKerasMomentum' || variables.some((one) => changes.get(one) !== 1))
      return [];
    const [, , learningRate, weightGradient] = update.inputs as [Value, Value, Value, Value];
    const gradient = opOf(weightGradient, 'MatMul');
    if (!gradient || !isTransposed(gradient, true, false) || uses.get(weightGradient) !== 1) return [];
    const [x, dy] = gradient.inputs as [Value, Value];
    if (!isBatch(shapeOf(x)[0]!) || staticElements(shapeOf(weightGradient)) < FEWEST_WEIGHTS) return [];
    const inputGradients = products.filter(({ inputs: [left, right] }, i) => {
      const isGradient = isTransposed(products[i]!, false, true) && isSame(left!, dy);
      return isGradient && right!.node.kind === 'read' && right!.node.variable === variables[0];
    });
    const inputGradient = inputGradients.length === 1 ? inputGradients[0]! : null;
    const first = Math.min(places.get(gradient)!, inputGradient ? places.get(inputGradient)! : Infinity);
    const isKnown = learningRate.node.kind !== 'op' || places.get(learningRate.node)! < first;
    return isKnown ? [{ update, gradient, inputGradient }] : [];
  });
}

function isTransposed({ attributes }: Op, left: boolean, right: boolean): boolean {
  return attributes['transpose_a'] === left && attributes['transpose_b'] === right;
}

/** Whether there is one row for each example of a batch: with many more, other kernels are made for it. */
function isBatch(rows: Size): boolean {
  return typeof rows !== 'number' && !rows.inverse && rows.base === 0 && rows.factor === 1;
}
