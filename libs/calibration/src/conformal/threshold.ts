/**
 * The finite-sample quantile of split conformal prediction: of n scores the ceil((n + 1)(1 - alpha))-th smallest. Infinite,
 * so that every class is let in, where there are too few scores for that.
 */
export function conformalThreshold(scores: Float64Array, alpha: number): number {
  // Products such as 70 x 0.9 are a rounding above a whole number.
  const place = Math.ceil((scores.length + 1) * (1 - alpha) - 1e-9);
  if (place > scores.length) return Infinity;
  return scores.slice().sort()[Math.max(1, place) - 1] as number;
}
