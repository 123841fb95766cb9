import { freemem } from 'node:os';

/** Bytes that the inputs of a dataset may take unless something else is asked for: half of what is free. */
export function defaultMemory(): number {
  return Math.floor((process.availableMemory?.() ?? freemem()) / 2);
}
