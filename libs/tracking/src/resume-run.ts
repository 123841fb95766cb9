import type { MlflowClient } from './client/client';
import { MlflowError } from './client/errors';
import type { KeyValue } from './client/types';
import { adoptPending, discardJournal } from './journal/adopt';
import { belongsTo, findJournal, listJournals } from './journal/find-journal';
import { Journal } from './journal/journal';
import { journalFolder, type TrackingOptions } from './options';
import { Run } from './run';
import { created, writerOf, WRITER_TAG } from './sender/ensure-run';
import { clientOf, makeSender, reach } from './sending';

export interface ResumeOptions extends TrackingOptions {
  /**
   * Go on in place of whoever logs the run: what another journal on this machine has for it is taken over, what one elsewhere has is no
   * longer sent, not even by `syncJournal`. For a run whose process is gone, or frozen, for all that is known; that process itself is to be
   * kept from sending by `beforeSend`.
   */
  takeOver?: boolean;
}

/**
 * Goes on with a run, whatever its status: by its journal if this machine has one that was left, else by the server. Throws an `MlflowError`
 * if the run is not known or, unless it is taken over, another process logs it.
 */
export async function resumeRun(runId: string, options: ResumeOptions = {}): Promise<Run> {
  const onWarning = options.onWarning ?? (() => undefined);
  const client = clientOf(options);
  if (options.takeOver === true) return takeOver(runId, client, options);
  const left = findJournal(journalFolder(options), runId, onWarning);
  const journal =
    left ??
    Journal.create(
      journalFolder(options),
      {
        ...(client === undefined ? {} : { trackingUri: client.trackingUri }),
        startTime: Date.now(),
        tags: [],
        resume: runId,
      },
      onWarning,
    );
  const sender = client === undefined ? undefined : makeSender(client, journal, options, left !== undefined);
  const knownParams = new Map<string, string>();
  if (sender !== undefined && client !== undefined) {
    await reach(sender, journal, options, left === undefined);
    for (const { key, value } of await paramsOf(client, journal)) knownParams.set(key, value);
  }
  journal.append({ type: 'status', status: 'RUNNING', at: Date.now() });
  sender?.wake();
  return new Run({ journal, sender, client, options, knownParams });
}

async function takeOver(
  runId: string,
  client: MlflowClient | undefined,
  options: TrackingOptions,
): Promise<Run> {
  if (client === undefined)
    throw new MlflowError(`The run ${runId} can only be taken over where its server is: not offline.`);
  const folder = journalFolder(options);
  const run = await client.getRun(runId);
  const writer = writerOf(run);
  const start = {
    trackingUri: client.trackingUri,
    startTime: Date.now(),
    tags: [],
    resume: runId,
    exclusive: true,
  };
  const left = listJournals(folder).filter((head) => belongsTo(head, runId));
  const journal = Journal.create(folder, start, options.onWarning ?? (() => undefined));
  try {
    journal.append(created(run));
    for (const { file, start } of left)
      if (writer === undefined || writer === start.key) adoptPending(journal, file);
    await client.setTag(runId, WRITER_TAG, journal.key);
  } catch (error) {
    journal.remove();
    throw error;
  }
  for (const { file } of left) discardJournal(file);
  const sender = makeSender(client, journal, options, false);
  journal.append({ type: 'status', status: 'RUNNING', at: Date.now() });
  const knownParams = new Map(run.data.params.map(({ key, value }) => [key, value]));
  return new Run({ journal, sender, client, options, knownParams });
}

/** What the server knows already; a server that has just gone is no reason to stop: it will refuse a param that changes, with a warning. */
async function paramsOf(client: MlflowClient, journal: Journal): Promise<KeyValue[]> {
  if (journal.created === undefined) return [];
  try {
    return (await client.getRun(journal.created.runId, { retries: 1 })).data.params;
  } catch {
    return [];
  }
}
