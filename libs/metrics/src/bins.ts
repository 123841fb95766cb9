import type { Numbers } from './inputs';

/** `equal_width`: intervals of one length, as in the paper. `equal_mass`: intervals between quantiles of the confidences. */
export type Binning = 'equal_width' | 'equal_mass';

/** What a bin holds. `confidence` and `accuracy` are means over its examples, null in an empty bin. */
export interface Bin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly confidence: number | null;
  readonly accuracy: number | null;
  /** confidence - accuracy: positive where the model is overconfident. */
  readonly gap: number | null;
}

/** Sorts confidences into bins. `edges` has one more entry than there are bins. */
interface Binner {
  readonly edges: Float64Array;
  readonly indexOf: (confidence: number) => number;
}

/**
 * Intervals [k/bins, (k+1)/bins), the last one closed: min(floor(bins * c), bins - 1), where the edge k/bins as the values'
 * own type holds it belongs to bin k. Dividing by the bin's width instead puts some edges one bin too low.
 */
export function equalWidthBinner(bins: number, single: boolean): Binner {
  const edges = new Float64Array(bins + 1);
  for (let k = 0; k <= bins; k++) edges[k] = single ? Math.fround(k / bins) : k / bins;
  const indexOf = (confidence: number): number => {
    let bin = Math.min(Math.floor(bins * confidence), bins - 1);
    if (bin < bins - 1 && confidence >= (edges[bin + 1] as number)) bin++;
    else if (bin > 0 && confidence < (edges[bin] as number)) bin--;
    return bin;
  };
  return { edges, indexOf };
}

/**
 * Intervals between linearly interpolated quantiles; equal confidences always share a bin, and one that lies on an edge
 * belongs to the lower bin, as in scikit-learn's `calibration_curve(strategy='quantile')`.
 */
export function equalMassBinner(confidences: Numbers, bins: number): Binner {
  const sorted = Float64Array.from(confidences).sort();
  const last = sorted.length - 1;
  const edges = new Float64Array(bins + 1);
  for (let k = 0; k <= bins; k++) {
    const index = Math.floor((k * last) / bins);
    const share = ((k * last) % bins) / bins;
    const low = sorted[index] as number;
    const high = sorted[Math.min(index + 1, last)] as number;
    edges[k] = low + (high - low) * share;
  }
  const indexOf = (confidence: number): number => {
    let low = 0;
    let high = bins - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle + 1] as number) < confidence) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { edges, indexOf };
}

/** Means of confidence and outcome per bin, over inputs that were checked before. */
export function fillBins(
  confidences: Numbers,
  outcomes: ArrayLike<number | boolean>,
  bins: number,
  binning: Binning,
): Bin[] {
  const { edges, indexOf } =
    binning === 'equal_mass'
      ? equalMassBinner(confidences, bins)
      : equalWidthBinner(bins, confidences instanceof Float32Array);
  const counts = new Float64Array(bins);
  const confidenceSums = new Float64Array(bins);
  const outcomeSums = new Float64Array(bins);
  for (let i = 0; i < confidences.length; i++) {
    const confidence = confidences[i] as number;
    const bin = indexOf(confidence);
    counts[bin] = (counts[bin] as number) + 1;
    confidenceSums[bin] = (confidenceSums[bin] as number) + confidence;
    outcomeSums[bin] = (outcomeSums[bin] as number) + Number(outcomes[i]);
  }
  return Array.from({ length: bins }, (_, k) => {
    const count = counts[k] as number;
    const range = { lower: edges[k] as number, upper: edges[k + 1] as number, count };
    if (count === 0) return { ...range, confidence: null, accuracy: null, gap: null };
    const confidence = (confidenceSums[k] as number) / count;
    const accuracy = (outcomeSums[k] as number) / count;
    return { ...range, confidence, accuracy, gap: confidence - accuracy };
  });
}

/** Mean of |gap| over bins, weighted by their counts. */
export function weightedGap(bins: readonly Bin[]): number {
  let total = 0;
  let examples = 0;
  for (const bin of bins) {
    total += bin.count * Math.abs(bin.gap ?? 0);
    examples += bin.count;
  }
  return total / examples;
}
