import { DataType } from '../../binding';
import {
  type Graph,
  type Handle,
  type Node,
  type Op,
  type Read,
  shapeOf,
  type TensorType,
  type Value,
  valueOf,
} from '../../graph/graph';
import { matMul, padColumns, sliceColumns } from '../../graph/ops';
import { rewrite, withInputs } from '../../graph/rewrite';
import { ValueMap } from '../../graph/value-map';
import type { Pass } from '../pass';

/**
 * Where a row has so many float32 numbers, or a multiple of them, rows lie whole pages of 4,096 bytes apart: the
 * numbers of a column then share one set of the processor's first cache, and a product that goes down the columns of
 * its right factor takes twice as long (docs/performance-appendix.md).
 */
const COLUMNS_OF_A_PAGE = 1024;

/** Columns of zeros that a program keeps behind the others of such a matrix: a line of the cache. */
const EXTRA_COLUMNS = 16;

export const wideMatrices: Pass = {
  name: 'wide-matrices',
  description:
    'keeps matrices whose rows are whole pages some columns wider, so that products find the cache',
  appliesTo: ({ machine }) => machine !== null,
  run: (graph, _, all) => rewriteWide(graph, wideVariables(all)),
};

/** Places of the variables that are kept with extra columns: right factors of products, and their velocities. */
export function wideVariables(graphs: readonly Graph[]): ReadonlySet<number> {
  const wide = new Set<number>();
  for (const node of graphs.flatMap(({ nodes }) => nodes)) {
    const factor = node.kind === 'op' && node.op === 'MatMul' ? node.inputs[1]!.node : null;
    if (factor?.kind === 'read' && hasRowsOfPages(factor.outputs[0])) wide.add(factor.variable);
  }
  for (const { inputs } of graphs.flatMap(({ updates }) => updates)) {
    const [variable, velocity] = inputs.map(({ node }) => (node.kind === 'handle' ? node.variable : null));
    if (wide.has(variable!) && typeof velocity === 'number') wide.add(velocity);
  }
  return wide;
}

function hasRowsOfPages({ dtype, shape }: TensorType): boolean {
  return dtype === DataType.float32 && shape.length === 2 && (shape[1] as number) % COLUMNS_OF_A_PAGE === 0;
}

function rewriteWide(graph: Graph, variables: ReadonlySet<number>): Graph {
  if (variables.size === 0) return graph;
  const isWide = (node: Node): boolean =>
    (node.kind === 'read' || node.kind === 'handle') && variables.has(node.variable);
  /** Matrices with the extra columns, by the same ones without. */
  const wide = new ValueMap<Value>();
  const widened = (matrix: Value): Value => {
    const value = wide.get(matrix) ?? padColumns(matrix, columnsOf(matrix) + EXTRA_COLUMNS);
    wide.set(matrix, value);
    return value;
  };
  const narrowed = (value: Value): Value => {
    const matrix = sliceColumns(value, columnsOf(value) - EXTRA_COLUMNS);
    wide.set(matrix, value);
    return matrix;
  };
  const wanted = new Set(
    graph.updates.filter(({ inputs }) => isWide(inputs[0]!.node)).map((update) => storedOf(update)?.node),
  );

  return rewrite(graph, (node, original) => {
    if (node.kind === 'read' && isWide(node)) return narrowed(valueOf(stored(node)));
    if (node.kind === 'handle' && isWide(node)) return stored(node);
    if (node.kind !== 'op') return null;
    const value = isWide((original as Op).inputs[0]!.node) ? storedOf(node) : null;
    if (value)
      return withInputs(
        node,
        node.inputs.map((input) => (input === value ? widened(value) : input)),
      );
    const [left, right] = node.inputs as [Value, Value];
    const { transpose_a, transpose_b } = node.attributes;
    if (node.op !== 'MatMul') return null;
    if (transpose_b === true) {
      const pays = transpose_a !== true && wide.get(right) !== undefined;
      return pays ? matMul(widened(left), widened(right), { right: true }) : null;
    }
    return wide.get(right) !== undefined || wanted.has(original)
      ? narrowed(matMul(left, widened(right), { left: transpose_a === true }))
      : null;
  });
}

/** What an update makes of its variable, where that is a value of the graph. */
function storedOf({ op, inputs }: Op): Value | undefined {
  return inputs[{ AssignVariableOp: 1, ResourceApplyKerasMomentum: 3 }[op] ?? -1];
}

/** The node of a variable that is kept with extra columns. */
function stored<N extends Read | Handle>(node: N): N {
  const [{ dtype, shape }] = node.outputs;
  const [rows, columns] = shape as readonly [number, number];
  return { ...node, outputs: [{ dtype, shape: [rows, columns + EXTRA_COLUMNS] }] };
}

function columnsOf(matrix: Value): number {
  return shapeOf(matrix)[1] as number;
}
