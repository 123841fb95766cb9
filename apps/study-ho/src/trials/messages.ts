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
      /** Milliseconds since 1970 after which nothing more may be stored of the run; null where there is no such moment. */
      readonly until: number | null;
    }
  /** The moment has been put off. */
  | { readonly type: 'extended'; readonly until: number }
  | { readonly type: 'stop'; readonly signal: StopSignal };

/** What a trial process tells. */
export type FromTrial =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'result'; readonly result: RunResult }
  | {
      readonly type: 'error';
      readonly message: string;
      /** Whether another machine may have what this one lacks. */
      readonly isMissing: boolean;
    };

/** The exit code of a trial process whose time was not extended. */
export const orphanedCode = 75;
