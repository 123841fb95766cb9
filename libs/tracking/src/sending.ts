import { MlflowClient } from './client/client';
import { messageOf } from './client/errors';
import type { Journal } from './journal/journal';
import type { TrackingOptions } from './options';
import { Sender } from './sender/sender';

/** The client that the options name; undefined for a run that is offline. */
export function clientOf(options: TrackingOptions): MlflowClient | undefined {
  if (options.offline === true) return undefined;
  return options.client ?? new MlflowClient(options);
}

/** What carries a journal to its server. */
export function makeSender(
  client: MlflowClient,
  journal: Journal,
  options: TrackingOptions,
  mayExist: boolean,
): Sender {
  return new Sender({
    client,
    journal,
    mayExist,
    flushIntervalMs: options.flushIntervalMs ?? 1000,
    restoreDeletedExperiment: options.restoreDeletedExperiment ?? false,
    onWarning: options.onWarning ?? (() => undefined),
    onProgress: options.onProgress ?? (() => undefined),
  });
}

/** Waits for the run to be on the server. If it cannot be, throws, or goes on with the journal alone where that is wanted and the trouble may pass. */
export async function reach(
  sender: Sender,
  journal: Journal,
  options: TrackingOptions,
  isNew: boolean,
): Promise<void> {
  try {
    await sender.whenCreated(options.startTimeoutMs ?? 10_000);
  } catch (error) {
    if (options.whenUnreachable === 'journal' && sender.failure === undefined) {
      options.onWarning?.(`${messageOf(error)} Logging goes to ${journal.file}.`);
      return;
    }
    await sender.stop();
    if (isNew) journal.remove();
    else journal.close();
    throw error;
  }
}
