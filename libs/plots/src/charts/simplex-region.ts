import { stepsOf } from './simplex-grid';

/** A place on the grid: row and column, in steps. */
type Spot = readonly [row: number, column: number];

/**
 * Polygons that cover where values on a grid of the simplex, taken as linear between its points, are at least a threshold.
 * Whole triangles beside each other are one polygon.
 */
export function regionAtLeast(values: ArrayLike<number>, threshold: number): Spot[][] {
  const steps = stepsOf(values.length);
  const polygons: Spot[][] = [];
  let first = 0;
  for (let row = 0; row < steps; row++) {
    const points = steps + 1 - row;
    const [below, above] = [first, first + points];
    const at = ([r, column]: Spot) => values[(r === row ? below : above) + column] as number;
    let run: Spot[] | null = null;
    const endRun = () => {
      if (run !== null) polygons.push(run);
      run = null;
    };
    for (const triangle of trianglesOf(row, points)) {
      const inside = triangle.filter((spot) => at(spot) >= threshold).length;
      if (inside === 3) run = joined(run, triangle, row);
      else {
        endRun();
        if (inside > 0) polygons.push(clipped(triangle, at, threshold));
      }
    }
    endRun();
    first = above;
  }
  return polygons;
}

/** Triangles between a row and the next, from left to right: standing and hanging in turn. */
function trianglesOf(row: number, points: number): Spot[][] {
  return Array.from({ length: points - 1 }, (_, j): Spot[][] => [
    [
      [row, j],
      [row, j + 1],
      [row + 1, j],
    ],
    ...(j < points - 2
      ? [
          [
            [row, j + 1],
            [row + 1, j + 1],
            [row + 1, j],
          ] as Spot[],
        ]
      : []),
  ]).flat();
}

/** A run's corners (along the row, then back along the next one) with one more triangle at its right. */
function joined(run: Spot[] | null, triangle: readonly Spot[], row: number): Spot[] {
  const all = [...(run ?? []), ...triangle];
  const ends = (r: number) => {
    const columns = all.filter(([own]) => own === r).map(([, column]) => column);
    return [Math.min(...columns), Math.max(...columns)] as const;
  };
  const [[left, right], [upperLeft, upperRight]] = [ends(row), ends(row + 1)];
  return [
    [row, left],
    [row, right],
    [row + 1, upperRight],
    [row + 1, upperLeft],
  ];
}

/** The part of a triangle where the value is at least the threshold. */
function clipped(triangle: readonly Spot[], at: (spot: Spot) => number, threshold: number): Spot[] {
  return triangle.flatMap((from, i): Spot[] => {
    const to = triangle[(i + 1) % 3] as Spot;
    const [a, b] = [at(from), at(to)];
    const own = a >= threshold ? [from] : [];
    if (a >= threshold === b >= threshold) return own;
    const share = (threshold - a) / (b - a);
    return [...own, [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]];
  });
}
