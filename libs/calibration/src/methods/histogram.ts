import type { Binning } from '@label-relaxation/metrics';
import { CalibrationError } from '../errors';
import { countUpTo } from '../numerics/isotonic-regression';
import type { Counts } from './method';
import { fewerThan } from './method';
import type { BinaryMethod, Events } from './one-vs-rest';
import { oneVsRest } from './one-vs-rest';

/** Options of histogram binning. */
export interface HistogramOptions {
  /** Number of bins; 15 unless given. */
  readonly bins?: number;
  /** `equal_width` unless given. */
  readonly binning?: Binning;
}

/** Bins between inner edges, each of which opens a bin, and the frequency in each. */
export interface HistogramMap {
  readonly edges: readonly number[];
  readonly frequencies: readonly number[];
}

const defaultBins = 15;

/**
 * Edges between bins of equal numbers of examples, halfway between neighbours; where neighbours are equal there is no
 * edge, and the bins are one.
 */
function quantileEdges(probabilities: Float64Array, bins: number): number[] {
  const sorted = probabilities.slice().sort();
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const place = Math.round((bin * sorted.length) / bins);
    if (place === 0 || place === sorted.length) continue;
    const [below, above] = [sorted[place - 1] as number, sorted[place] as number];
    const edge = below + (above - below) / 2;
    if (edge > below && edge !== edges.at(-1)) edges.push(edge);
  }
  return edges;
}

function fit(
  { probabilities, outcomes, weights }: Events,
  { bins = defaultBins, binning = 'equal_width' }: HistogramOptions,
): HistogramMap {
  const edges =
    binning === 'equal_mass'
      ? quantileEdges(probabilities, bins)
      : Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
  const counts = new Float64Array(edges.length + 1);
  const sums = new Float64Array(edges.length + 1);
  probabilities.forEach((probability, i) => {
    const bin = countUpTo(edges, probability);
    const weight = weights?.[i] ?? 1;
    counts[bin] = (counts[bin] as number) + weight;
    sums[bin] = (sums[bin] as number) + weight * (outcomes[i] as number);
  });
  const frequencies = Array.from(counts, (count, bin) =>
    count > 0 ? (sums[bin] as number) / count : ((edges[bin - 1] ?? 0) + (edges[bin] ?? 1)) / 2,
  );
  return { edges, frequencies };
}

const binary: BinaryMethod<HistogramMap, HistogramOptions> = {
  refusal: (counts: Counts, { bins = defaultBins, binning = 'equal_width' }) => {
    if (!Number.isInteger(bins) || bins < 1) {
      throw new CalibrationError(`bins is ${bins}: expected a whole number of at least 1`);
    }
    if (binning !== 'equal_width' && binning !== 'equal_mass') {
      throw new CalibrationError(`binning is ${String(binning)}: expected equal_width or equal_mass`);
    }
    return fewerThan(bins, `histogram binning into ${bins} bins`, counts);
  },
  fit,
  apply: ({ edges, frequencies }, probability) => frequencies[countUpTo(edges, probability)] as number,
  read: (json) => {
    const edges = json.ascending('edges');
    return { edges, frequencies: json.numbers('frequencies', edges.length + 1) };
  },
};

/**
 * Histogram binning (Zadrozny & Elkan 2001): the frequency of the bin that a probability lies in; an empty bin stands for
 * its middle, as in netcal.
 */
export const histogram = oneVsRest('histogram binning', binary);
