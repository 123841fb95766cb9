import type { CalibrationMethod } from '@label-relaxation/calibration';
import type { Part, Settings } from '@label-relaxation/confidence';

/** What calibrators are chosen from; `best` tries all. */
export type Method = CalibrationMethod | 'best';

/** What the page asks of its worker. */
export type Request =
  | { readonly kind: 'open'; readonly files: readonly File[]; readonly labelColumn: string }
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'calibrate'; readonly method: Method };

/** A fitted calibrator to keep: its file's name and its JSON. */
export interface Fitted {
  readonly name: string;
  readonly method: string;
  readonly json: string;
}

/** What the worker tells the page. */
export type Reply =
  | { readonly kind: 'progress'; readonly text: string; readonly share?: number }
  /** What the files hold, a line for each. */
  | { readonly kind: 'opened'; readonly lines: readonly string[] }
  | { readonly kind: 'fitted'; readonly fitted: readonly Fitted[]; readonly note: string }
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly message: string };
