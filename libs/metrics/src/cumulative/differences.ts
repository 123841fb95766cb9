import type { Events } from '../events/events';
import { sortEvents } from '../events/sorted-events';
import type { Counts } from '../measure/measure';

/** Extremes of the cumulated differences. */
export interface Extremes {
  /** Never below 0, the sum of none. */
  readonly highest: number;
  /** Never above 0. */
  readonly lowest: number;
}

/**
 * Highest and lowest sum of (outcome - confidence) over the examples up to a confidence, as a share of all weight. Examples of
 * one confidence are added together, since nothing says which comes first.
 */
export function cumulativeDifferences(events: Events): (counts: Counts) => Extremes {
  const { size, order, last, confidences, outcomes, weights } = sortEvents(events, 'ascending');
  return (counts) => {
    let total = 0;
    let sum = 0;
    let highest = 0;
    let lowest = 0;
    for (let place = 0; place < size; place++) {
      const weight =
        (counts[order[place] as number] as number) * (weights === null ? 1 : (weights[place] as number));
      total += weight;
      sum += weight * ((outcomes[place] as number) - (confidences[place] as number));
      if (last[place] === 0) continue;
      if (sum > highest) highest = sum;
      if (sum < lowest) lowest = sum;
    }
    return { highest: highest / total, lowest: lowest / total };
  };
}
