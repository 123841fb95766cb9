import type { Op } from '../src/graph/graph';
import { thisMachine } from '../src/passes/pass';
import { optimise } from '../src/passes/pipeline';
import type { tf } from '../src/tensorflow';
import type { EntryPoint } from '../src/trace/entry-point';
import { trace } from '../src/trace/trace';

/** The ops that a function becomes on this machine. */
export function compiledOps(entry: EntryPoint, variables: readonly tf.Variable[]): readonly Op[] {
  const target = { machine: thisMachine(), precision: entry.precision ?? 'float32' };
  const { functions } = optimise([{ name: 'main', target, graph: trace(entry, { variables }) }]);
  return functions[0]!.graph.nodes.filter((node): node is Op => node.kind === 'op');
}
