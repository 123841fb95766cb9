import type { Part } from '../progress';

/** A part of a study, for a person. */
export function partName(part: Part): string {
  return part === 'final' ? 'final run' : `alpha ${part}`;
}
