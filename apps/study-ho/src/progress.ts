import type { RunEvent, Scores } from '@label-relaxation/experiments';
import type { Study } from './study';
import type { StudyOutcome } from './outcome';

/** One of a study's runs: a trial, by its alpha, or the final run. */
export type Part = number | 'final';

export type PartState = 'waiting' | 'running' | 'finished' | 'failed' | 'retrying';

/** What a search tells of itself while it goes on. */
export interface SearchProgress {
  /** A study is begun, or gone on with. */
  begin(study: Study, url: string): void;
  /** A part changed its state; `scores` for one that finished, `isOld` if before this search, `message` for one that failed. */
  change(
    study: Study,
    part: Part,
    state: PartState,
    detail?: { readonly scores?: Scores; readonly isOld?: boolean; readonly message?: string },
  ): void;
  /** News of a part that is running. */
  news(study: Study, part: Part, event: RunEvent): void;
  /** A study is done; `isOld` if it was before, so that nothing was run. */
  end(study: Study, outcome: StudyOutcome, isOld: boolean): void;
  warn(message: string): void;
  /** Leaves the terminal tidy. */
  close(): void;
}
