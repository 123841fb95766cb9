import { simplexGrid } from './simplex-grid';
import { regionAtLeast } from './simplex-region';

const steps = 10;
const grid = simplexGrid(steps);

/** Area of polygons, as a share of the whole triangle. */
function area(polygons: readonly (readonly (readonly [number, number])[])[]): number {
  const shoelace = (polygon: readonly (readonly [number, number])[]) =>
    polygon.reduce((sum, [r, c], i) => {
      const [r2, c2] = polygon[(i + 1) % polygon.length]!;
      return sum + (c * r2 - c2 * r);
    }, 0) / 2;
  return polygons.reduce((sum, polygon) => sum + shoelace(polygon), 0) / (steps ** 2 / 2);
}

describe('regionAtLeast', () => {
  it.each([0.1, 0.25, 0.5, 0.93])('covers exactly where a probability is at least %d', (p) => {
    for (const k of [0, 1, 2]) {
      const values = grid.map((point) => point[k]!);
      expect(area(regionAtLeast(values, p))).toBeCloseTo((1 - p) ** 2, 12);
    }
  });

  it('is a polygon for each row where all is covered, and none where nothing is', () => {
    expect(
      regionAtLeast(
        grid.map(() => 1),
        0.5,
      ),
    ).toHaveLength(steps);
    expect(
      area(
        regionAtLeast(
          grid.map(() => 1),
          0.5,
        ),
      ),
    ).toBeCloseTo(1, 12);
    expect(
      regionAtLeast(
        grid.map(() => 0),
        0.5,
      ),
    ).toEqual([]);
  });

  it('is of distributions, from the second and third class to the first', () => {
    expect(simplexGrid(1)).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    grid.forEach(([a, b, c]) => expect(a + b + c).toBeCloseTo(1, 12));
    expect(() => simplexGrid(0)).toThrow('steps is 0');
  });
});
