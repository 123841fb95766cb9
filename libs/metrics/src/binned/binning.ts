import { MetricsError } from '../errors';
import type { EventOptions, Events } from '../events/events';
import type { SortedEvents } from '../events/sorted-events';
import { sortEvents } from '../events/sorted-events';
import { checkWhole } from '../inputs/check';
import type { Counts } from '../measure/measure';

/** `equal_width`: intervals of one length, as in the paper. `equal_mass`: intervals between quantiles of the confidences. */
export type Binning = 'equal_width' | 'equal_mass';

/** How confidences are binned. */
export interface BinOptions {
  /** Number of bins; 15, as in the paper, unless given. */
  readonly bins?: number;
  /** `equal_width` (the paper's) unless given. */
  readonly binning?: Binning;
}

/** Options of what is measured bin by bin. */
export interface CalibrationOptions extends EventOptions, BinOptions {}

/** The options with their defaults, checked. */
export function resolveBins({ bins = 15, binning = 'equal_width' }: BinOptions): Required<BinOptions> {
  checkWhole(bins, 'bins', 1);
  if (binning !== 'equal_width' && binning !== 'equal_mass') {
    throw new MetricsError(`binning is ${String(binning)}: expected equal_width or equal_mass`);
  }
  return { bins, binning };
}

/** The bin of each example. */
export type Places = Uint16Array | Uint32Array;

/** Finds the bins of a resample's examples. */
export type Binner = (counts: Counts) => Places;

function newPlaces(size: number, bins: number): Places {
  return bins <= 2 ** 16 ? new Uint16Array(size) : new Uint32Array(size);
}

/** Makes the binner that the options ask for. */
export function createBinner(events: Events, options: Required<BinOptions>): Binner {
  if (options.binning === 'equal_mass') return equalMassBinner(sortEvents(events, 'ascending'), options.bins);
  const places = equalWidthPlaces(events, options.bins);
  return () => places;
}

/** The edges k / bins, as the values' own type holds them. */
export function equalWidthEdges({ confidences }: Events, bins: number): Float64Array {
  const edges = new Float64Array(bins + 1);
  for (let k = 0; k <= bins; k++) {
    edges[k] = confidences instanceof Float32Array ? Math.fround(k / bins) : k / bins;
  }
  return edges;
}

/**
 * Intervals [k/bins, (k+1)/bins), the last one closed: min(floor(bins * c), bins - 1), where the edge k/bins as the values'
 * own type holds it belongs to bin k. Dividing by the bin's width instead puts some edges one bin too low.
 */
export function equalWidthPlaces(events: Events, bins: number): Places {
  const { size, confidences } = events;
  const edges = equalWidthEdges(events, bins);
  const places = newPlaces(size, bins);
  for (let i = 0; i < size; i++) {
    const confidence = confidences[i] as number;
    let bin = Math.min(Math.floor(bins * confidence), bins - 1);
    if (bin < bins - 1 && confidence >= (edges[bin + 1] as number)) bin++;
    else if (bin > 0 && confidence < (edges[bin] as number)) bin--;
    places[i] = bin;
  }
  return places;
}

/**
 * Where the last example of a resample lies, the first being at 0 and each after it as far on as weighs an example on average: of
 * equal weights, its number. The quantile k / bins is the confidence at k / bins of it.
 */
function lastPosition({ size, order, weights }: SortedEvents, counts: Counts): number {
  let examples = 0;
  let total = 0;
  for (let place = 0; place < size; place++) {
    const count = counts[order[place] as number] as number;
    examples += count;
    if (weights !== null) total += count * (weights[place] as number);
  }
  return weights === null ? examples - 1 : total * (1 - 1 / examples);
}

/**
 * Intervals between linearly interpolated quantiles; equal confidences always share a bin, and one that lies on an edge
 * belongs to the lower bin, as in scikit-learn's `calibration_curve(strategy='quantile')`. A confidence is above the quantile
 * k / bins exactly where more than k / bins of the last position lies before it, so that no quantile is rounded.
 */
function equalMassBinner(sorted: SortedEvents, bins: number): Binner {
  const { size, order, last, weights } = sorted;
  const places = newPlaces(size, bins);
  return (counts) => {
    const end = lastPosition(sorted, counts);
    let before = 0;
    let below = 0;
    for (let place = 0; place < size; place++) {
      const example = order[place] as number;
      const bin = end > 0 ? Math.ceil((below * bins) / end) - 1 : 0;
      places[example] = Math.min(Math.max(bin, 0), bins - 1);
      before += (counts[example] as number) * (weights === null ? 1 : (weights[place] as number));
      if (last[place] === 1) below = before;
    }
    return places;
  };
}

/** The quantiles between which equal-mass bins lie. */
export function equalMassEdges(events: Events, bins: number): Float64Array {
  const sorted = sortEvents(events, 'ascending');
  const { size, confidences, weights } = sorted;
  const end = lastPosition(sorted, new Uint8Array(size).fill(1));
  const step = size > 1 ? end / (size - 1) : 1;
  const edges = new Float64Array(bins + 1);
  let place = 0;
  let before = 0;
  for (let k = 0; k <= bins; k++) {
    const wanted = (k * end) / bins;
    const own = (): number => (weights === null ? 1 : (weights[place] as number));
    while (place < size - 1 && before + own() <= wanted) {
      before += own();
      place++;
    }
    const here = confidences[place] as number;
    const next = confidences[Math.min(place + 1, size - 1)] as number;
    // The way to the next confidence is one step long, or less where the example's own weight is.
    const way = Math.min(step, own());
    const share = way > 0 ? Math.min(1, Math.max(0, (wanted - (before + own() - way)) / way)) : 0;
    edges[k] = here + (next - here) * share;
  }
  edges[bins] = confidences[size - 1] as number;
  return edges;
}
