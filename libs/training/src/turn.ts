import { setImmediate } from 'node:timers/promises';

/** Gives the event loop a turn, so that signals, progress and tracking work between the steps. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}
