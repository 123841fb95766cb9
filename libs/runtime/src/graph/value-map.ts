import type { Graph, Node, Op, Value } from './graph';

/** A map from values of a graph. */
export class ValueMap<T> {
  readonly #byNode = new Map<Node, T[]>();

  get({ node, output }: Value): T | undefined {
    return this.#byNode.get(node)?.[output];
  }

  set({ node, output }: Value, item: T): void {
    const items = this.#byNode.get(node);
    if (items === undefined) {
      const first: T[] = [];
      first[output] = item;
      this.#byNode.set(node, first);
    } else {
      items[output] = item;
    }
  }
}

/** How often each value is taken, by ops and as an output. */
export function countUses({ nodes, outputs }: Graph): ValueMap<number> {
  const uses = new ValueMap<number>();
  const use = (value: Value): void => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of nodes) if (node.kind === 'op') node.inputs.forEach(use);
  Object.values(outputs).forEach(use);
  return uses;
}

/** The ops that take each value. */
export function usersOf({ nodes }: Graph): ValueMap<Op[]> {
  const users = new ValueMap<Op[]>();
  for (const node of nodes) {
    if (node.kind !== 'op') continue;
    for (const input of node.inputs) {
      const known = users.get(input);
      if (known === undefined) users.set(input, [node]);
      else if (!known.includes(node)) known.push(node);
    }
  }
  return users;
}
