import { floatsLike } from '../inputs/types';
import type { Events } from './events';

/** The events of some examples, given by their numbers. */
export function selectEvents(
  { confidences, outcomes, weights }: Events,
  numbers: Uint32Array,
): Events & { readonly weights: Float64Array | null } {
  const size = numbers.length;
  const selected = {
    size,
    confidences: floatsLike(confidences, size),
    outcomes: outcomes instanceof Uint8Array ? new Uint8Array(size) : new Float64Array(size),
    weights: weights === null ? null : new Float64Array(size),
  };
  for (let i = 0; i < size; i++) {
    const example = numbers[i] as number;
    selected.confidences[i] = confidences[example] as number;
    selected.outcomes[i] = outcomes[example] as number;
    if (weights !== null) (selected.weights as Float64Array)[i] = weights[example] as number;
  }
  return selected;
}
