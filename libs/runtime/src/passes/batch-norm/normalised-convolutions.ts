import { type Graph, type Node, type Op, opOf, type Value, valueOf } from '../../graph/graph';
import { makeOp } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { countUses } from '../../graph/value-map';
import { CONVOLUTION, FILTER_GRADIENT, NORMALISE } from '../../native-ops';
import { hasImageOps, type Pass } from '../pass';

/**
 * Our convolutions of 3x3 normalise and rectify the rows that they are about to transform, which then are in the cache; so
 * do their gradients by the filters. What is normalised is neither written to memory nor kept for the gradient.
 */
export const normalisedConvolutions: Pass = {
  name: 'normalised-convolutions',
  description: 'lets convolutions of 3x3 and their gradients by filters normalise and rectify what they read',
  appliesTo: hasImageOps,
  run(graph) {
    const normalised = readByConvolutionsAlone(graph);
    const fused = (node: Op, original: Op): Op | null => {
      if (!normalised.has(original.inputs[0]!.node)) return null;
      const [norm, other] = node.inputs as [Value, Value];
      const [image, scale, shift] = (norm.node as Op).inputs as [Value, Value, Value];
      const attributes = { ...node.attributes, N: { int: 2 } };
      return makeOp(node.op, [image, other, scale, shift], attributes, node.outputs);
    };
    return rewriteOps(graph, { [CONVOLUTION]: fused, [FILTER_GRADIENT]: fused });
  },
};

/** The rectified batch-norms that nothing reads but convolutions as their images. */
function readByConvolutionsAlone(graph: Graph): ReadonlySet<Node> {
  const uses = countUses(graph);
  const reads = new Map<Node, number>();
  for (const node of graph.nodes) {
    if (node.kind !== 'op' || !isConvolution(node)) continue;
    const norm = opOf(node.inputs[0]!, NORMALISE);
    if (norm?.attributes['rectify'] === true) reads.set(norm, (reads.get(norm) ?? 0) + 1);
  }
  return new Set([...reads.keys()].filter((norm) => uses.get(valueOf(norm)) === reads.get(norm)));
}

/** Whether an op of ours is a convolution or its gradient by the filter: their first inputs are images. */
function isConvolution({ op, attributes }: Op): boolean {
  const isForward = op === CONVOLUTION && attributes['turned'] === false;
  return isForward || op === FILTER_GRADIENT;
}
