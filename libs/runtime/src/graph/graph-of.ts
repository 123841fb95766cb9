import type { Graph, Node, Op } from './graph';

/** The graph that computes some outputs and does some updates, after all that these take. */
export function graphOf(outputs: Graph['outputs'], updates: readonly Op[] = []): Graph {
  const nodes = new Set<Node>();
  const add = (node: Node): void => {
    if (nodes.has(node)) return;
    if (node.kind === 'op') for (const input of node.inputs) add(input.node);
    nodes.add(node);
  };
  for (const { node } of Object.values(outputs)) add(node);
  updates.forEach(add);
  return { nodes: [...nodes], outputs, updates };
}
