import type { Floats } from './types';

/** How far a row of probabilities may be from summing to 1: float32 softmax outputs over many classes stay within. */
export const sumTolerance = 1e-3;

/**
 * Column of the largest value in a row of a flat matrix, the first one where several are equal (as NumPy's argmax); -1 where the
 * row is no distribution. Four sums at once, since each addition waits for the one before.
 */
export function modeOfDistribution(values: Floats, start: number, classes: number): number {
  const end = start + classes;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let best = -1;
  let at = start;
  let negative = false;
  let k = start;
  for (; k + 4 <= end; k += 4) {
    const a = values[k] as number;
    const b = values[k + 1] as number;
    const c = values[k + 2] as number;
    const d = values[k + 3] as number;
    first += a;
    second += b;
    third += c;
    fourth += d;
    if (a > best) {
      best = a;
      at = k;
    }
    if (b > best) {
      best = b;
      at = k + 1;
    }
    if (c > best) {
      best = c;
      at = k + 2;
    }
    if (d > best) {
      best = d;
      at = k + 3;
    }
    if (a < 0 || b < 0 || c < 0 || d < 0) negative = true;
  }
  for (; k < end; k++) {
    const a = values[k] as number;
    first += a;
    if (a > best) {
      best = a;
      at = k;
    }
    if (a < 0) negative = true;
  }
  const sum = first + second + third + fourth;
  // Written so that NaN fails, too.
  return !negative && Math.abs(sum - 1) <= sumTolerance ? at - start : -1;
}

/** Column of the largest value in a row of a flat matrix, the first of equal ones; -1 where a value is not finite. */
export function argmaxOfFinite(values: Floats, start: number, classes: number): number {
  let best = values[start] as number;
  let at = 0;
  let finite = true;
  for (let k = 0; k < classes; k++) {
    const value = values[start + k] as number;
    if (!(Math.abs(value) < Infinity)) finite = false;
    if (value > best) {
      best = value;
      at = k;
    }
  }
  return finite ? at : -1;
}

/** Sum of exp((z - maximum) / temperature) over a row of logits: the softmax's denominator. */
export function sumOfExponentials(
  logits: Floats,
  start: number,
  classes: number,
  maximum: number,
  temperature = 1,
): number {
  let sum = 0;
  for (let k = start; k < start + classes; k++) {
    sum += Math.exp(((logits[k] as number) - maximum) / temperature);
  }
  return sum;
}
