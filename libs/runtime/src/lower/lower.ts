import { DataType } from '../binding';
import { changedVariables, type Constant, dtypeOf, type Graph, type Op, type Value } from '../graph/graph';
import { isStatic, type Size } from '../graph/size';
import { BatchNumbers } from './batch-numbers';
import type { GraphBuilder } from './graph-builder';

/** Where a graph meets the rest of a TensorFlow graph. */
export interface Surroundings {
  readonly builder: GraphBuilder;
  /** Start of the names of all nodes that are added. */
  readonly prefix: string;
  /** The node of each function input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The node of each variable's handle. */
  readonly handles: readonly string[];
  /** int32 scalar: the batch size; null where nothing depends on it. */
  readonly batchSize: string | null;
}

/**
 * Adds a graph to a TensorFlow graph, node by node.
 *
 * @returns the node of each output; whoever fetches one has all updates done
 */
export function lower(graph: Graph, surroundings: Surroundings): Record<string, string> {
  const { builder, prefix, inputs, handles, batchSize } = surroundings;
  const numbers = batchSize === null ? null : new BatchNumbers(builder, prefix, batchSize);
  const names = new Map<unknown, string>();
  const refOf = ({ node, output }: Value): string => {
    const name = names.get(node)!;
    return output === 0 ? name : `${name}:${output}`;
  };
  const reads = new Map<number, string>();
  /** What has to run before: an op that may change a variable waits for the one that reads it. */
  const readsBefore = (op: Op): string[] =>
    changedVariables(op).flatMap((variable) => (reads.has(variable) ? [`^${reads.get(variable)!}`] : []));

  for (const node of graph.nodes) {
    if (node.kind !== 'read') continue;
    const { variable } = node;
    const name = `${prefix}/read/${variable}`;
    const attributes = { dtype: { type: node.outputs[0].dtype } };
    reads.set(variable, builder.add(name, 'ReadVariableOp', [handles[variable]!], attributes));
    names.set(node, name);
  }
  graph.nodes.forEach((node, i) => {
    switch (node.kind) {
      case 'read':
        return;
      case 'input':
        names.set(node, inputs[node.name]!);
        return;
      case 'handle':
        names.set(node, handles[node.variable]!);
        return;
      case 'constant':
        names.set(node, addConstant(builder, numbers, `${prefix}/${i}`, node));
        return;
      case 'op': {
        const operands = [...node.inputs.map(refOf), ...readsBefore(node)];
        names.set(node, builder.add(`${prefix}/${i}_${node.op}`, node.op, operands, node.attributes));
      }
    }
  });

  const updates = graph.updates.map((update) => `^${names.get(update)!}`);
  const after = updates.length === 0 ? [] : [`^${builder.add(`${prefix}/updates`, 'NoOp', updates)}`];
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([key, value]) => {
      const attributes = { T: { type: dtypeOf(value) } };
      return [key, builder.add(`${prefix}/output/${key}`, 'Identity', [refOf(value), ...after], attributes)];
    }),
  );
}

/** Adds a constant, or the nodes that compute it where it depends on the batch size. */
function addConstant(
  builder: GraphBuilder,
  numbers: BatchNumbers | null,
  name: string,
  { values, outputs: [{ dtype, shape }] }: Constant,
): string {
  if (isStatic(shape)) {
    if (isStatic(values)) return builder.constant(dtype, shape, values);
    const vector = numbers!.values(dtype, values as readonly Size[], shape.length === 0);
    if (shape.length < 2) return vector;
    const target = builder.constant(DataType.int32, [shape.length], shape);
    const types = { T: { type: dtype }, Tshape: { type: DataType.int32 } };
    return builder.add(name, 'Reshape', [vector, target], types);
  }
  const value = values[0]!;
  const scalar =
    typeof value === 'number' ? builder.constant(dtype, [], [value]) : numbers!.values(dtype, [value], true);
  const types = { T: { type: dtype }, index_type: { type: DataType.int32 } };
  return builder.add(name, 'Fill', [numbers!.values(DataType.int32, shape), scalar], types);
}
