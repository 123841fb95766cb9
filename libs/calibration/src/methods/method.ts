import type { Examples, Rows } from '../inputs';
import type { JsonReader } from '../json-reader';

/** What every calibrator says of itself, beside the parameters of its method. */
export interface Fitted {
  readonly version: 1;
  readonly classes: number;
  /** How many examples it was fitted on. */
  readonly examples: number;
}

/** How many examples of each class count, those of weight 0 left out. */
export interface Counts {
  readonly examples: number;
  readonly byClass: Int32Array;
}

/** One way to calibrate: parameters `P` are fitted on examples, applied to predictions, and read back from JSON. */
export interface Method<P, O> {
  /** Why these examples are too few; null where they are not. */
  readonly refusal: (counts: Counts, options: O) => string | null;
  readonly fit: (examples: Examples, options: O) => P;
  /** Calibrated probabilities, [size, classes] row by row. */
  readonly transform: (parameters: P, rows: Rows) => Float64Array;
  /** Reads parameters that were written as JSON; the reader throws where a field is missing or of a wrong shape. */
  readonly read: (json: JsonReader, classes: number) => P;
}

/** Why fewer than so many examples are refused. */
export function fewerThan(needed: number, what: string, { examples }: Counts): string | null {
  if (examples >= needed) return null;
  return `${what} needs at least ${needed} examples, and there ${examples === 1 ? 'is' : 'are'} ${examples}`;
}
