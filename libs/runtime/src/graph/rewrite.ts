import { addInOrder, type Graph, isSame, type Node, type Op, type Value } from './graph';

/**
 * What takes a node's place: another node, whose outputs are the same in number and order, or values for its outputs.
 * Null leaves the node as it is.
 */
export type Replacement = Node | Value | readonly Value[] | null;

/**
 * Says what takes a node's place.
 *
 * @param node with the inputs that it has now; null leaves this very node
 * @param original the node of the graph before
 * @param now what a value of the graph before, of an earlier op or of what is given, has become
 */
export type Rule<N extends Node = Node> = (node: N, original: N, now: (value: Value) => Value) => Replacement;

/**
 * Goes over a graph in order, first over what is given, and replaces nodes, then leaves out those that nothing needs any more.
 *
 * @param atOutput what becomes of a value that is an output of the graph
 */
export function rewrite(graph: Graph, rule: Rule, atOutput = (value: Value): Value => value): Graph {
  const nodes = new Set<Node>();
  const replacements = new Map<Node, Node | readonly Value[]>();
  const now = ({ node, output }: Value): Value => {
    const replacement = replacements.get(node)!;
    return 'kind' in replacement ? { node: replacement, output } : replacement[output]!;
  };
  for (const original of givenFirst(graph.nodes)) {
    const node = original.kind === 'op' ? withInputs(original, original.inputs.map(now)) : original;
    const replacement = rule(node, original, now) ?? node;
    const values = 'output' in replacement ? [replacement] : replacement;
    replacements.set(original, values);
    if ('kind' in values) addInOrder(values, nodes);
    else for (const value of values) addInOrder(value.node, nodes);
  }
  const outputs = Object.entries(graph.outputs).map(([name, value]) => [name, atOutput(now(value))] as const);
  for (const [, value] of outputs) addInOrder(value.node, nodes);
  const updates = graph.updates.map((update) => now({ node: update, output: 0 }).node as Op);
  return withoutDead({
    nodes: [...nodes],
    outputs: Object.fromEntries(outputs),
    updates: [...new Set(updates)],
  });
}

/** Nodes in order, but what is given before the ops. */
function givenFirst(nodes: readonly Node[]): readonly Node[] {
  return [...nodes.filter(({ kind }) => kind !== 'op'), ...nodes.filter(({ kind }) => kind === 'op')];
}

/** `rewrite` with a rule for each op of a name. */
export function rewriteOps(graph: Graph, rules: Readonly<Record<string, Rule<Op>>>): Graph {
  return rewrite(graph, (node, original, now) =>
    node.kind === 'op' ? (rules[node.op]?.(node, original as Op, now) ?? null) : null,
  );
}

/** An op with other inputs; the same one where they are those that it has. */
export function withInputs(node: Op, inputs: readonly Value[]): Op {
  return inputs.every((input, i) => isSame(input, node.inputs[i]!)) ? node : { ...node, inputs };
}

/** A graph without the nodes that neither its outputs nor its updates need. */
export function withoutDead(graph: Graph): Graph {
  const live = new Set<Node>();
  const open: Node[] = [...Object.values(graph.outputs).map(({ node }) => node), ...graph.updates];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    if (node.kind === 'op') for (const input of node.inputs) open.push(input.node);
  }
  return { ...graph, nodes: graph.nodes.filter((node) => live.has(node)) };
}
