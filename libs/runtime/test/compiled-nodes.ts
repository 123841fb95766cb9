import { GraphBuilder } from '../src/program/graph-builder';
import type { GraphNode } from '../src/program/graph-def';
import { type EntryPoint, trace } from '../src/program/program';
import { addRecording } from '../src/program/recording-graph';
import type { tf } from '../src/tensorflow';

/** The nodes that a function of x, of any batch size, becomes, beside those that stand for what it is given. */
export function compiledNodes(entry: EntryPoint, variables: readonly tf.Variable[]): readonly GraphNode[] {
  const graph = new GraphBuilder();
  const node = (name: string): string => graph.add(name, 'Placeholder');
  addRecording(trace(entry, { variables }), {
    graph,
    prefix: 'main',
    inputs: { x: node('x') },
    variables: variables.map((_, i) => ({
      value: node(`value${i}`),
      wide: null,
      handle: node(`handle${i}`),
    })),
    batchSize: node('batch'),
    precision: entry.precision,
  });
  return graph.nodes;
}
