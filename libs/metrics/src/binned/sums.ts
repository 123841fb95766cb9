import type { Events } from '../events/events';
import type { Counts } from '../measure/measure';
import type { Places } from './binning';

/** What the bins of a resample hold. */
export interface ResidualSums {
  /** Sum of weights. */
  readonly weights: Float64Array;
  /** Weighted sum of confidence - outcome: above 0 where the model is overconfident. */
  readonly residuals: Float64Array;
}

/** Adds up residuals bin by bin. */
export function sumResiduals(events: Events, places: Places, bins: number, counts: Counts): ResidualSums {
  const { size, confidences, outcomes, weights } = events;
  const sums = { weights: new Float64Array(bins), residuals: new Float64Array(bins) };
  for (let i = 0; i < size; i++) {
    const bin = places[i] as number;
    const weight = (counts[i] as number) * (weights === null ? 1 : (weights[i] as number));
    sums.weights[bin] = (sums.weights[bin] as number) + weight;
    sums.residuals[bin] =
      (sums.residuals[bin] as number) + weight * ((confidences[i] as number) - (outcomes[i] as number));
  }
  return sums;
}

/** Sum over the bins that hold something, as a share of all weight. */
export function meanOverBins(
  { weights, residuals }: ResidualSums,
  term: (residual: number, weight: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let bin = 0; bin < weights.length; bin++) {
    const weight = weights[bin] as number;
    if (weight === 0) continue;
    sum += term(residuals[bin] as number, weight);
    total += weight;
  }
  return sum / total;
}
