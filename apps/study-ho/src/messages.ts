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
    }
  | { readonly type: 'stop'; readonly signal: StopSignal };

/** What a trial process tells. */
export type FromTrial =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'result'; readonly result: RunResult }
  | { readonly type: 'error'; readonly message: string };
