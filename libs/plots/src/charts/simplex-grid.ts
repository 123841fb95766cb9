import { PlotsError } from '../errors';

/** Probabilities of three classes. */
export type Triple = readonly [number, number, number];

/**
 * Points of the simplex of three classes, evenly in rows from the second and third class to the first: the i-th row has
 * `steps` + 1 - i of them.
 *
 * @param steps intervals along an edge
 */
export function simplexGrid(steps: number): Triple[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new PlotsError(`steps is ${steps}: expected a whole number above 0`);
  return Array.from({ length: steps + 1 }, (_, i) =>
    Array.from({ length: steps + 1 - i }, (__, j): Triple => [i / steps, (steps - i - j) / steps, j / steps]),
  ).flat();
}

/** Intervals along an edge of a grid of so many points. */
export function stepsOf(points: number): number {
  const steps = (Math.sqrt(8 * points + 1) - 3) / 2;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new PlotsError(
      `${points} values are no grid of the simplex: give one for each point of simplexGrid`,
    );
  }
  return steps;
}
