import { DataType } from '../src/binding';
import type { Graph } from '../src/graph/graph';
import { GraphBuilder } from '../src/lower/graph-builder';
import { lower } from '../src/lower/lower';
import { Session } from '../src/program/session';
import type { tf } from '../src/tensorflow';

/** What a graph without variables gives for tensors of float32, each input by its name. */
export async function runGraph(
  graph: Graph,
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, Float32Array>> {
  const builder = new GraphBuilder();
  const placeholders = Object.entries(tensors).map(([name, { shape }]) => {
    const attributes = { dtype: { type: DataType.float32 }, shape: { shape } };
    return [name, builder.add(name, 'Placeholder', [], attributes)] as const;
  });
  const inputs = Object.fromEntries(placeholders);
  const outputs = lower(graph, { builder, prefix: 'main', inputs, handles: [], batchSize: null });
  const session = await Session.load(builder.nodes);
  try {
    const values = session.run(tensors, Object.values(outputs)) as Float32Array[];
    return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, values[i]!]));
  } finally {
    session.dispose();
  }
}
