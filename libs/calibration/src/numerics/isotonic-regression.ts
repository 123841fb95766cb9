import { ascendingOrder } from '@label-relaxation/metrics';

/** Examples of one event, grouped by equal scores in ascending order: what counts in each and what of it happened. */
export interface Groups {
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  /** Sums of weight x outcome. */
  readonly sums: Float64Array;
}

/**
 * Groups examples by their score, 0 or more. Examples of weight 0 are left out. A score opens a group where it is more than
 * `apart` above that which opened the last one.
 */
export function groupByScore(
  scores: Float64Array,
  outcomes: Uint8Array,
  weights: Float64Array | null,
  apart = 0,
): Groups {
  const grouped = new Float64Array(scores.length);
  const counted = new Float64Array(scores.length);
  const sums = new Float64Array(scores.length);
  let last = -1;
  const add = (score: number, weight: number, outcome: number): void => {
    if (last < 0 || score > (grouped[last] as number) + apart) grouped[++last] = score;
    counted[last] = (counted[last] as number) + weight;
    sums[last] = (sums[last] as number) + weight * outcome;
  };
  if (weights === null) {
    const packed = packSingles(scores, outcomes);
    if (packed) addPacked(packed, add);
    else addAscending(scores, outcomes, add);
  } else {
    for (const example of ascendingOrder(scores)) {
      const weight = weights[example] as number;
      if (weight > 0) add(scores[example] as number, weight, outcomes[example] as number);
    }
  }
  return {
    scores: grouped.subarray(0, last + 1),
    weights: counted.subarray(0, last + 1),
    sums: sums.subarray(0, last + 1),
  };
}

/**
 * Each score with its outcome in one whole number, ordered as the scores: the bits of a float32, moved by one, and the
 * outcome. Null where a score is no float32.
 */
function packSingles(scores: Float64Array, outcomes: Uint8Array): Uint32Array | null {
  const singles = Float32Array.from(scores);
  const bits = new Uint32Array(singles.buffer);
  for (let i = 0; i < scores.length; i++) {
    if (singles[i] !== scores[i]) return null;
    // Moving the bits drops the sign, which -0 has.
    bits[i] = ((bits[i] as number) << 1) | (outcomes[i] as number);
  }
  return bits;
}

/** Adds packed examples by ascending score: whole numbers are sorted in half the time that floats take. */
function addPacked(packed: Uint32Array, add: (score: number, weight: number, outcome: number) => void): void {
  packed.sort();
  const outcomes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) {
    outcomes[i] = (packed[i] as number) & 1;
    packed[i] = (packed[i] as number) >>> 1;
  }
  const scores = new Float32Array(packed.buffer);
  for (let i = 0; i < scores.length; i++) add(scores[i] as number, 1, outcomes[i] as number);
}

/** Adds all examples by ascending score: hits and misses are sorted apart, which takes no order of examples, and merged. */
function addAscending(
  scores: Float64Array,
  outcomes: Uint8Array,
  add: (score: number, weight: number, outcome: number) => void,
): void {
  const parted = new Float64Array(scores.length);
  let start = 0;
  let end = scores.length;
  for (let i = 0; i < scores.length; i++) parted[outcomes[i] === 1 ? start++ : --end] = scores[i] as number;
  const hits = parted.subarray(0, start).sort();
  const misses = parted.subarray(start).sort();
  let hit = 0;
  for (let miss = 0; miss < misses.length; miss++) {
    const score = misses[miss] as number;
    for (; hit < hits.length && (hits[hit] as number) < score; hit++) add(hits[hit] as number, 1, 1);
    add(score, 1, 0);
  }
  for (; hit < hits.length; hit++) add(hits[hit] as number, 1, 1);
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
