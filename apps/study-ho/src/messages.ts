import type {
  Parameters,
  PerformRunOptions,
  RunEvent,
  RunResult,
  StopSignal,
} from '@label-relaxation/experiments';

/** What a trial process is told. */
export type ToTrial =
  | {
      readonly type: 'run';
      readonly parameters: Parameters;
      readonly options: Pick<PerformRunOptions, 'runId' | 'checkpointDir' | 'params'>;
      /** Milliseconds without word from the parent after which the run is given up; null for no limit. */
      readonly patienceMs: number | null;
    }
  | { readonly type: 'alive' }
  | { readonly type: 'stop'; readonly signal: StopSignal };

/** What a trial process tells. */
export type FromTrial =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'result'; readonly result: RunResult }
  | { readonly type: 'error'; readonly message: string };

/** The exit code of a trial process that has not heard of its parent for too long. */
export const orphanedCode = 75;
