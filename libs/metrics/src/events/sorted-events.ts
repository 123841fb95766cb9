import { ascendingOrder } from '../numerics/ascending-order';
import type { Events } from './events';
import { selectEvents } from './select-events';

/** Events in the order of their confidences. */
export interface SortedEvents extends Events {
  /** Each place's example. */
  readonly order: Uint32Array;
  /** Whether a place is the last of those with its confidence: between equal ones there is no order. */
  readonly last: Uint8Array;
}

/** Sorts events by confidence; equal ones stay beside each other. */
export function sortEvents(events: Events, direction: 'ascending' | 'descending'): SortedEvents {
  const order = ascendingOrder(events.confidences);
  if (direction === 'descending') order.reverse();
  const sorted = selectEvents(events, order);
  const last = new Uint8Array(events.size);
  for (let place = 0; place < last.length; place++) {
    last[place] = sorted.confidences[place] === sorted.confidences[place + 1] ? 0 : 1;
  }
  return { ...sorted, order, last };
}
