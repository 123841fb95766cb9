import type { RunEvent } from './events';

/** What a run takes besides its parameters. */
export interface PerformRunOptions {
  /** Stops the run; its reason is thrown, and the tracked run ends as KILLED. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** The tracked run that this one is nested in. */
  readonly parentRunId?: string;
  /** More tags of the tracked run. */
  readonly tags?: Readonly<Record<string, string>>;
  /** More params of the tracked run. */
  readonly params?: Readonly<Record<string, string>>;
  /** Folder of the run's checkpoint; by default one named by the parameters, in `.checkpoints` of the current folder. */
  readonly checkpointDir?: string;
  /** The tracked run to go on with, in place of a new one. */
  readonly runId?: string;
  /** Goes on with `runId` in place of whoever may still log to it; see `resumeRun` of the tracking library. */
  readonly takeOver?: boolean;
  /** Asked before anything is sent to the tracking server; see `ConnectionOptions` of the tracking library. */
  readonly beforeSend?: () => void;
}
