import { DataType } from '../binding';
import { type GeneralRecording, isMatrixProduct, type Size } from './generalise';
import type { AddNode, GraphBuilder } from './graph-builder';
import type { NodeAttribute } from './graph-def';

/**
 * Where a row has so many float32 numbers, or a multiple of them, rows lie whole pages of 4,096 bytes apart: the
 * numbers of a column then share one set of the processor's first cache, and a product that goes down the columns of
 * its right factor takes twice as long (docs/performance.md).
 */
const COLUMNS_OF_A_PAGE = 1024;

/** Columns of zeros that a program keeps behind the others of such a matrix: a line of the cache. */
const EXTRA_COLUMNS = 16;

/** Places of the variables that a program keeps with extra columns: right factors of products, and their velocities. */
export function wideVariables(recordings: readonly GeneralRecording[]): ReadonlySet<number> {
  const wide = new Set<number>();
  for (const { nodes } of recordings) {
    for (const node of nodes) {
      if (node.kind !== 'op' || !isMatrixProduct(node, nodes)) continue;
      const factor = nodes[node.inputs[1]!.node]!;
      if (factor.kind === 'read' && hasRowsOfPages(factor.dtype, factor.shape)) wide.add(factor.variable);
    }
  }
  for (const { updates } of recordings) {
    for (const update of updates) {
      if (update.kind === 'momentum' && wide.has(update.variable)) wide.add(update.velocity);
    }
  }
  return wide;
}

function hasRowsOfPages(dtype: number, shape: readonly number[]): boolean {
  return dtype === DataType.float32 && shape.length === 2 && shape[1]! % COLUMNS_OF_A_PAGE === 0;
}

/** The shape of a variable as the program keeps it. */
export function wideShape([rows, columns]: readonly number[]): readonly [number, number] {
  return [rows!, columns! + EXTRA_COLUMNS];
}

/** An op, its operands and its attributes. */
type Node = [op: string, operands: string[], attributes: Record<string, NodeAttribute>];

/** The node that adds the extra columns to a matrix. */
export function widened(graph: GraphBuilder, matrix: string): Node {
  const extra = graph.constant(DataType.int32, [2, 2], [0, 0, 0, EXTRA_COLUMNS]);
  return ['Pad', [matrix, extra], { T: { type: DataType.float32 }, Tpaddings: { type: DataType.int32 } }];
}

/** The node that takes the extra columns off a matrix, however many rows it has. */
export function narrowed(graph: GraphBuilder, matrix: string, columns: number): Node {
  const begin = graph.constant(DataType.int32, [2], [0, 0]);
  const size = graph.constant(DataType.int32, [2], [-1, columns]);
  const types = { T: { type: DataType.float32 }, Index: { type: DataType.int32 } };
  return ['Slice', [matrix, begin, size], types];
}

/** The wide matrices of one recording: what it computes with variables that have extra columns. */
export class WideMatrices {
  readonly #graph: GraphBuilder;
  readonly #add: AddNode;
  /** Nodes of wide matrices, by the nodes of the same matrices without the extra columns. */
  readonly #wide = new Map<string, string>();

  /** @param add adds a node in the precision of the recording */
  constructor(graph: GraphBuilder, add: AddNode) {
    this.#graph = graph;
    this.#add = add;
  }

  /** Says that a matrix is there with the extra columns, too. */
  set(matrix: string, wide: string): void {
    this.#wide.set(matrix, wide);
  }

  /** A matrix with the extra columns, which are added to it if need be. */
  widened(matrix: string, shape: readonly Size[]): string {
    let wide = this.#wide.get(matrix);
    if (wide === undefined) {
      wide = this.#add(`${matrix.replace(':', '_')}_wide`, ...widened(this.#graph, matrix), [shape]);
      this.#wide.set(matrix, wide);
    }
    return wide;
  }

  /**
   * Adds an op that takes a wide matrix as a product's right factor, or makes one.
   *
   * @param wanted whether the op's output is needed as a wide matrix
   * @returns the op's node; null where it is no such product
   */
  addProduct(
    wanted: boolean,
    ...[name, op, operands, attributes, shapes]: Parameters<AddNode>
  ): string | null {
    const [left, right] = operands as [string, string];
    const [leftShape, rightShape, shape] = shapes as [Size[], Size[], [Size, Size]];
    const transposed = attributes['transpose_b'] === true;
    if (op !== 'MatMul' || !(this.#wide.has(right) || (wanted && !transposed))) return null;
    const factor = this.widened(right, rightShape);
    if (transposed) return this.#add(name, op, [this.widened(left, leftShape), factor], attributes, shapes);
    const wide = this.#add(`${name}_wide`, op, [left, factor], attributes, shapes);
    const product = this.#add(name, ...narrowed(this.#graph, wide, shape[1] as number), [shape]);
    this.#wide.set(product, wide);
    return product;
  }
}
