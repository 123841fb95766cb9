import { factorise, solveFactorised } from './cholesky';

describe('Cholesky', () => {
  it('solves a system', () => {
    const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3);
    const solution = [1, -2, 0.5];
    const values = Float64Array.from([0, 1, 2], (row) =>
      solution.reduce((sum, value, column) => sum + matrix[row * 3 + column]! * value, 0),
    );
    expect(factorise(matrix, 3)).toBe(true);
    solveFactorised(matrix, 3, values);
    values.forEach((value, i) => expect(value).toBeCloseTo(solution[i]!, 14));
  });

  it('says so where a matrix is not positive definite', () => {
    expect(factorise(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(factorise(Float64Array.of(0), 1)).toBe(false);
    expect(factorise(Float64Array.of(NaN), 1)).toBe(false);
  });
});
