/**
 * Factors a symmetric positive definite matrix, [size, size] row by row, into L L^T in place of its lower triangle.
 * False where the matrix is not positive definite to working precision.
 */
export function factorise(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let value = matrix[row * size + column] as number;
      for (let k = 0; k < column; k++) {
        value -= (matrix[row * size + k] as number) * (matrix[column * size + k] as number);
      }
      if (column < row) matrix[row * size + column] = value / (matrix[column * size + column] as number);
      else if (!(value > 0)) return false;
      else matrix[row * size + row] = Math.sqrt(value);
    }
  }
  return true;
}

/** Solves L L^T x = b in place of b. */
export function solveFactorised(factor: Float64Array, size: number, values: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let value = values[row] as number;
    for (let k = 0; k < row; k++) value -= (factor[row * size + k] as number) * (values[k] as number);
    values[row] = value / (factor[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let value = values[row] as number;
    for (let k = row + 1; k < size; k++) value -= (factor[k * size + row] as number) * (values[k] as number);
    values[row] = value / (factor[row * size + row] as number);
  }
}
