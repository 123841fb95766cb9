import type { SmoothedResidual } from './smoothed-residual';

function errorAt(residual: SmoothedResidual, sigma: number): number {
  const { over, under } = residual.parts(sigma);
  return over + under;
}

/**
 * The bandwidth sigma at which the smoothed error is sigma itself, or `least` where it lies below that. The error falls as sigma
 * grows, from the mean of |c - outcome| at most to the size of the mean of c - outcome at least, so that there is one; it is found by
 * false position in the form of Illinois, which keeps it between two bounds.
 */
export function fixedPoint(residual: SmoothedResidual, least: number): number {
  let low = Math.max(Math.abs(residual.mean), least);
  let high = residual.most;
  if (low >= high) return low;
  let atLow = errorAt(residual, low) - low;
  let atHigh = errorAt(residual, high) - high;
  // To rounding, the residual has one sign: the error is the mean's size at every bandwidth.
  if (atLow <= 1e-12) return low;
  let side = 0;
  for (let iteration = 0; iteration < 100 && high - low > 1e-10; iteration++) {
    const sigma = (low * atHigh - high * atLow) / (atHigh - atLow);
    const value = errorAt(residual, sigma) - sigma;
    if (Math.abs(value) < 1e-10) return sigma;
    if (value > 0) {
      [low, atLow] = [sigma, value];
      if (side === 1) atHigh /= 2;
      side = 1;
    } else {
      [high, atHigh] = [sigma, value];
      if (side === -1) atLow /= 2;
      side = -1;
    }
  }
  return (low + high) / 2;
}
