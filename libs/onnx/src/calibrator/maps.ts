import type { Graph } from '../graph/graph';

/** A function that is constant between the places `at`: `values[i]` holds between `at[i - 1]` and `at[i]`. */
export interface Steps {
  readonly at: readonly number[];
  /** One more than places. */
  readonly values: readonly number[];
}

/** Points that are joined by straight lines, and the first and last value beyond them. */
interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Beyond every probability. */
const NEVER = 2;

/**
 * Adds a function of steps for each column of [n, maps]: the first value and the steps that are passed.
 *
 * @param passed whether a step holds from its place on, or after it
 */
export function steps(
  graph: Graph,
  name: string,
  columns: string,
  maps: readonly Steps[],
  passed: 'from' | 'after',
): string {
  const places = rows(graph, `${name}/places`, maps, ({ at }) => at, NEVER);
  const changes = rows(graph, `${name}/changes`, maps, ({ values }) => differences(values), 0);
  const lifted = graph.add(`${name}/column`, 'Unsqueeze', [columns, graph.integers(`${name}/last`, [2])]);
  const op = passed === 'from' ? 'GreaterOrEqual' : 'Greater';
  const isPassed = graph.add(`${name}/is_passed`, op, [lifted, places]);
  const counted = graph.add(`${name}/counted`, 'Cast', [isPassed], { to: { int: 1 } });
  return summed(
    graph,
    name,
    counted,
    changes,
    maps.map(({ values }) => values[0]!),
  );
}

/** Adds a piecewise linear function for each column of [n, maps]: the first value and the part of each rise. */
export function linearPieces(graph: Graph, columns: string, maps: readonly Points[]): string {
  const name = 'calibrator/pieces';
  const begins = rows(graph, `${name}/begins`, maps, ({ x }) => x.slice(0, -1), NEVER);
  const slopes = rows(
    graph,
    `${name}/inverse_widths`,
    maps,
    ({ x }) => differences(x).map((dx) => 1 / dx),
    1,
  );
  const rises = rows(graph, `${name}/rises`, maps, ({ y }) => differences(y), 0);
  const lifted = graph.add(`${name}/column`, 'Unsqueeze', [columns, graph.integers(`${name}/last`, [2])]);
  const distance = graph.add(`${name}/distance`, 'Sub', [lifted, begins]);
  const scaled = graph.add(`${name}/scaled`, 'Mul', [distance, slopes]);
  const bounds = [graph.scalar(`${name}/zero`, 0), graph.scalar(`${name}/one`, 1)];
  const parts = graph.add(`${name}/parts`, 'Clip', [scaled, ...bounds]);
  return summed(
    graph,
    name,
    parts,
    rises,
    maps.map(({ y }) => y[0]!),
  );
}

/** first + sum of parts [n, maps, length] * sizes [maps, length]. */
function summed(graph: Graph, name: string, parts: string, sizes: string, first: readonly number[]): string {
  const weighed = graph.add(`${name}/weighed`, 'Mul', [parts, sizes]);
  const axes = graph.integers(`${name}/axes`, [2]);
  const sum = graph.add(`${name}/sum`, 'ReduceSum', [weighed, axes], { keepdims: { int: 0 } });
  return graph.add(name, 'Add', [
    sum,
    graph.constant(`${name}/first`, [first.length], Float32Array.from(first)),
  ]);
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]!);
}

/** Lists of each map as the rows of a matrix, the shorter ones filled up. */
function rows<M>(
  graph: Graph,
  name: string,
  maps: readonly M[],
  listOf: (map: M) => readonly number[],
  filling: number,
): string {
  const lists = maps.map(listOf);
  const length = Math.max(1, ...lists.map((list) => list.length));
  const values = new Float32Array(maps.length * length).fill(filling);
  lists.forEach((list, i) => values.set(list, i * length));
  return graph.constant(name, [maps.length, length], values);
}
