import { normalQuantile, normalTail } from '../numerics/normal';

/** The ends of an interval. */
export type Interval = readonly [lower: number, upper: number];

/** The value below which a share of sorted values lies, interpolated between neighbours (NumPy's default). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

/** The percentile interval (Efron 1979): quantiles of the bootstrapped values. */
export function percentileInterval(values: Float64Array, level: number): Interval {
  const sorted = values.slice().sort();
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/** Sum of cubes over 6 times the sum of squares to the power of 3/2, of how far each value with a part left out is below their mean. */
function acceleration(leftOut: Float64Array): number {
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let cubes = 0;
  let squares = 0;
  for (const value of leftOut) {
    cubes += (mean - value) ** 3;
    squares += (mean - value) ** 2;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/**
 * The bias-corrected and accelerated interval (Efron 1987): quantiles of the bootstrapped values, moved by how many of them are below
 * the estimate (equal ones by half) and by the skewness of the values with a part of the examples left out. As SciPy's
 * `bootstrap(method='BCa')`, which gives NaN where all values are on one side of the estimate: there the moved quantile is the
 * outermost value.
 */
export function bcaInterval(
  values: Float64Array,
  estimate: number,
  leftOut: Float64Array,
  level: number,
): Interval {
  const sorted = values.slice().sort();
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const bias = normalQuantile(below / sorted.length);
  const moved = acceleration(leftOut);
  const at = (share: number): number => {
    if (!Number.isFinite(bias)) return quantile(sorted, bias > 0 ? 1 : 0);
    const z = bias + normalQuantile(share);
    return quantile(sorted, 1 - normalTail(bias + z / (1 - moved * z)));
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
