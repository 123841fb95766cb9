import { addInOrder, type Graph, type Node, type Op } from './graph';

/** The graph that computes some outputs and does some updates, after all that these take. */
export function graphOf(outputs: Graph['outputs'], updates: readonly Op[] = []): Graph {
  const nodes = new Set<Node>();
  for (const { node } of Object.values(outputs)) addInOrder(node, nodes);
  for (const update of updates) addInOrder(update, nodes);
  return { nodes: [...nodes], outputs, updates };
}
