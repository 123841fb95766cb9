import { ascendingOrder } from '@label-relaxation/metrics';

/** Examples of one event, grouped by equal scores in ascending order: what counts in each and what of it happened. */
export interface Groups {
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  /** Sums of weight x outcome. */
  readonly sums: Float64Array;
}

/**
 * Groups examples by their score, 0 or more; outcomes may be any numbers. Examples of weight 0 are left out. A score opens a group where
 * it is more than `apart` above that which opened the last one.
 */
export function groupByScore(
  scores: Float64Array,
  outcomes: ArrayLike<number>,
  weights: Float64Array | null,
  apart = 0,
): Groups {
  const order = ascendingOrder(scores);
  const grouped = new Float64Array(scores.length);
  const counted = new Float64Array(scores.length);
  const sums = new Float64Array(scores.length);
  let groups = 0;
  for (let i = 0; i < order.length; i++) {
    const example = order[i] as number;
    const score = scores[example] as number;
    const weight = weights === null ? 1 : (weights[example] as number);
    if (weight === 0) continue;
    if (groups === 0 || score > (grouped[groups - 1] as number) + apart) grouped[groups++] = score;
    counted[groups - 1] = (counted[groups - 1] as number) + weight;
    sums[groups - 1] = (sums[groups - 1] as number) + weight * (outcomes[example] as number);
  }
  return {
    scores: grouped.subarray(0, groups),
    weights: counted.subarray(0, groups),
    sums: sums.subarray(0, groups),
  };
}

/** A function of points that are joined by straight lines, x ascending, and constant beyond the first and the last. */
export interface PiecewiseLinear {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Isotonic regression by pooling adjacent violators, exact in one pass: the ascending function of least squared error. Its
 * points are the ends of the pools, as in scikit-learn's `IsotonicRegression`, which joins them by straight lines too.
 */
export function isotonicRegression({ scores, weights, sums }: Groups): PiecewiseLinear {
  const ends: number[] = [];
  const poolWeights: number[] = [];
  const poolSums: number[] = [];
  for (let group = 0; group < scores.length; group++) {
    let weight = weights[group] as number;
    let sum = sums[group] as number;
    while (ends.length > 0 && (poolSums.at(-1) as number) * weight >= sum * (poolWeights.at(-1) as number)) {
      weight += poolWeights.pop() as number;
      sum += poolSums.pop() as number;
      ends.pop();
    }
    poolWeights.push(weight);
    poolSums.push(sum);
    ends.push(group);
  }
  const x: number[] = [];
  const y: number[] = [];
  ends.forEach((end, pool) => {
    const begin = pool === 0 ? 0 : (ends[pool - 1] as number) + 1;
    const value = (poolSums[pool] as number) / (poolWeights[pool] as number);
    for (const group of begin === end ? [end] : [begin, end]) {
      x.push(scores[group] as number);
      y.push(value);
    }
  });
  return { x, y };
}

/** Number of entries of an ascending list that are at most `value`. */
export function countUpTo(list: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Value of a piecewise linear function. */
export function interpolate({ x, y }: PiecewiseLinear, at: number): number {
  const right = countUpTo(x, at);
  if (right === 0) return y[0] as number;
  if (right === x.length) return y[right - 1] as number;
  const [x0, x1] = [x[right - 1] as number, x[right] as number];
  const [y0, y1] = [y[right - 1] as number, y[right] as number];
  return y0 === y1 ? y0 : y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}
