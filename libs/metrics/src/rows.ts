import type { Numbers } from './inputs';

/** Column of the largest value in a row of a flat matrix, the first one where several are equal (as NumPy's argmax). */
export function argmax(values: Numbers, row: number, classes: number): number {
  const start = row * classes;
  let best = 0;
  for (let k = 1; k < classes; k++) {
    if ((values[start + k] as number) > (values[start + best] as number)) best = k;
  }
  return best;
}

/** Largest value of a row of a flat matrix. */
export function rowMaximum(values: Numbers, row: number, classes: number): number {
  return values[row * classes + argmax(values, row, classes)] as number;
}
