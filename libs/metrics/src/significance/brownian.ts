import { normalTail } from '../numerics/normal';

/** Adds up terms until they no longer count. */
function series(term: (k: number) => number): number {
  let sum = 0;
  for (let k = 1; k < 1000; k++) {
    const value = term(k);
    sum += value;
    if (Math.abs(value) <= Number.EPSILON * Math.abs(sum)) break;
  }
  return sum;
}

/**
 * Chance that the largest size of a standard Brownian motion over [0, 1] exceeds x (Darling and Siegert 1953): by images where x is
 * large, by eigenfunctions where it is small, so that no digits are lost in either tail.
 */
export function largestSizeTail(x: number): number {
  if (x <= 0) return 1;
  if (x >= 1) return series((k) => (k % 2 === 1 ? 4 : -4) * normalTail((2 * k - 1) * x));
  const within = series(
    (k) =>
      ((k % 2 === 1 ? 4 : -4) / (Math.PI * (2 * k - 1))) *
      Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x)),
  );
  return 1 - within;
}

/** Chance that the range of a standard Brownian motion over [0, 1] exceeds x (Feller 1951). */
export function rangeTail(x: number): number {
  if (x <= 0) return 1;
  if (x >= 1.5) return series((k) => (k % 2 === 1 ? 8 : -8) * k * normalTail(k * x));
  const within = series((k) => {
    const half = ((2 * k - 1) * Math.PI) ** 2;
    return (8 / (x * x) + 8 / half) * Math.exp(-half / (2 * x * x));
  });
  return 1 - within;
}
