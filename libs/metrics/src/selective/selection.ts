import type { EventOptions, Events } from '../events/events';
import type { SortedEvents } from '../events/sorted-events';
import { sortEvents } from '../events/sorted-events';
import type { Counts, Evaluate, Measure } from '../measure/measure';
import { defineEventMeasure } from '../measure/measure';

/** Options of the measures of selection: the event is that the predicted class is right. */
export interface SelectiveOptions extends EventOptions {
  readonly of?: 'top_label';
}

/** Examples of one confidence, and those of higher ones, which are selected before them. */
export interface Tie {
  /** Weight and weighted errors of the examples before. */
  selected: number;
  errors: number;
  /** Weight and weighted errors of the tie itself. */
  weight: number;
  ownErrors: number;
  /** Number of examples in the tie. */
  examples: number;
  /** Their confidence. */
  confidence: number;
}

/**
 * Goes through a resample from the most confident examples to the least confident, tie by tie. Within a tie no order is better than
 * another: its errors are spread evenly over its examples, which is the mean over all orders. A tie is valid until the next.
 */
export function selectByConfidence(
  sorted: SortedEvents,
  counts: Counts,
  visit: (tie: Readonly<Tie>) => void,
): void {
  const { size, order, last, confidences, outcomes, weights } = sorted;
  const tie: Tie = { selected: 0, errors: 0, weight: 0, ownErrors: 0, examples: 0, confidence: 0 };
  for (let place = 0; place < size; place++) {
    const count = counts[order[place] as number] as number;
    const weight = count * (weights === null ? 1 : (weights[place] as number));
    tie.examples += count;
    tie.weight += weight;
    tie.ownErrors += weight * (1 - (outcomes[place] as number));
    if (last[place] === 0) continue;
    tie.confidence = confidences[place] as number;
    if (tie.weight > 0) visit(tie);
    tie.selected += tie.weight;
    tie.errors += tie.ownErrors;
    tie.examples = tie.weight = tie.ownErrors = 0;
  }
}

/** Weight of all examples of a resample. */
export function totalWeight({ size, order, weights }: SortedEvents, counts: Counts): number {
  let total = 0;
  for (let place = 0; place < size; place++) {
    total += (counts[order[place] as number] as number) * (weights === null ? 1 : (weights[place] as number));
  }
  return total;
}

/** Makes a measure of examples sorted by confidence. */
export function defineSelective<O extends SelectiveOptions>(
  name: string,
  prepare: (sorted: SortedEvents, options: O, events: Events) => Evaluate,
): Measure<O> {
  return defineEventMeasure<O>(name, (events, options) =>
    prepare(sortEvents(events, 'descending'), options, events),
  );
}
