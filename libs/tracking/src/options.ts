import { resolve } from 'node:path';
import type { TransferProgress } from './client/artifacts';
import type { MlflowClient } from './client/client';
import type { ConnectionOptions } from './client/connection';

/** What a run, or several, are tracked with. */
export interface TrackingOptions extends ConnectionOptions {
  /** A client to share between runs, in place of the connection's options. */
  client?: MlflowClient;
  /** Log into the journal only; `syncJournal` sends it later. */
  offline?: boolean;
  /** Folder of the journals. Default: `MLFLOW_JOURNAL_DIR`, or `.mlflow/journal` in the working directory. */
  journalDir?: string;
  /** Bring a deleted experiment of that name back; without it, finding one is an error. */
  restoreDeletedExperiment?: boolean;
  /** Log the machine's load every 10 seconds, or as often as said. Default: `MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING`. */
  systemMetrics?: boolean | { intervalMs: number };
  /**
   * When the server cannot be reached at the start: `fail` (the default) throws, `journal` logs into the journal until it can be.
   */
  whenUnreachable?: 'fail' | 'journal';
  /** Milliseconds that a start waits for the server. Default 10,000. */
  startTimeoutMs?: number;
  /** Milliseconds without anything getting through after which the end of a run waits no longer. Default 30,000; ten times as long in all. */
  endTimeoutMs?: number;
  /** Milliseconds over which events are collected before they are sent. Default 1000. */
  flushIntervalMs?: number;
  /** The command that sends journals, for the message that names what waits. Default: `syncJournal()`. */
  syncCommand?: string;
  /** Told, one line each, what the user should know: a server that is gone, events that it refused. */
  onWarning?: (message: string) => void;
  /** Told how far the upload of a file is. */
  onProgress?: (progress: TransferProgress) => void;
}

/** Where journals are kept. */
export function journalFolder(options: { journalDir?: string }): string {
  return resolve(options.journalDir ?? (process.env.MLFLOW_JOURNAL_DIR || '.mlflow/journal'));
}

/** Milliseconds between two readings of the machine's load; undefined if they are not wanted. */
export function systemMetricsInterval({ systemMetrics }: TrackingOptions): number | undefined {
  if (typeof systemMetrics === 'object') return systemMetrics.intervalMs;
  const wanted = systemMetrics ?? /^(true|1)$/i.test(process.env.MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING ?? '');
  const seconds = Number(process.env.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL);
  return wanted ? (seconds > 0 ? seconds * 1000 : 10_000) : undefined;
}
