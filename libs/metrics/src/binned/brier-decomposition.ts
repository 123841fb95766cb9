import type { EventOptions, Events } from '../events/events';
import { eventsOf, ofEachClass } from '../events/events';
import type { EventPredictions, Predictions, Targets } from '../inputs/types';
import type { BinOptions } from './binning';
import { createBinner, resolveBins } from './binning';

/** Parts of the Brier score: `brier = reliability - resolution + uncertainty + withinBins`. */
export interface BrierDecomposition {
  readonly brier: number;
  /** Weighted mean of (mean confidence - frequency)^2 over bins: 0 where the model is calibrated. */
  readonly reliability: number;
  /** Weighted mean of (frequency - base rate)^2: how far the bins tell apart what happens from what does not. */
  readonly resolution: number;
  /** Variance of the outcomes, base rate (1 - base rate), which no model changes. */
  readonly uncertainty: number;
  /** What the spread of confidences and outcomes inside the bins adds; 0 where each bin holds one confidence. */
  readonly withinBins: number;
}

function decompose(events: Events, { bins, binning }: Required<BinOptions>): BrierDecomposition {
  const { size, confidences, outcomes, weights } = events;
  const places = createBinner(events, { bins, binning })(new Uint8Array(size).fill(1));
  const sums = Array.from({ length: bins }, () => ({ weight: 0, confidence: 0, outcome: 0 }));
  let [total, happened, squares, brier] = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const sum = sums[places[i] as number] as (typeof sums)[number];
    const weight = weights === null ? 1 : (weights[i] as number);
    const confidence = confidences[i] as number;
    const outcome = outcomes[i] as number;
    sum.weight += weight;
    sum.confidence += weight * confidence;
    sum.outcome += weight * outcome;
    total += weight;
    happened += weight * outcome;
    squares += weight * outcome * outcome;
    brier += weight * (confidence - outcome) ** 2;
  }
  const rate = happened / total;
  let [reliability, resolution] = [0, 0];
  for (const { weight, confidence, outcome } of sums.filter((sum) => sum.weight > 0)) {
    reliability += (weight / total) * ((confidence - outcome) / weight) ** 2;
    resolution += (weight / total) * (outcome / weight - rate) ** 2;
  }
  const uncertainty = squares / total - rate * rate;
  const withinBins = brier / total - (reliability - resolution + uncertainty);
  return { brier: brier / total, reliability, resolution, uncertainty, withinBins };
}

/**
 * Murphy's decomposition of the Brier score (Murphy 1973), with the term that makes it exact for bins of several confidences
 * (Stephenson, Coelho and Jolliffe 2008).
 *
 * Of an event, the top label or one class the score is the mean of (p - outcome)^2, in [0, 1]. Of each class, as it is unless `of`
 * is given, the parts are the sums over the classes, so that they make up `brierScore`.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function brierDecomposition(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: EventOptions & BinOptions = {},
): BrierDecomposition {
  const resolved = resolveBins(options);
  const total = { brier: 0, reliability: 0, resolution: 0, uncertainty: 0, withinBins: 0 };
  for (const events of eventsOf(predictions, targets, ofEachClass(predictions, options))) {
    for (const [name, part] of Object.entries(decompose(events, resolved))) {
      total[name as keyof BrierDecomposition] += part as number;
    }
  }
  return total;
}
