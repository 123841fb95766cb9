import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MlflowClient } from '../client/client';
import { MlflowError } from '../client/errors';
import type { CallOptions } from '../client/http';
import type { KeyValue, RunEntity } from '../client/types';
import type { Journal } from '../journal/journal';
import type { Attempt } from './deliver';
import { keyOfLocalRunId, type CreatedRecord, type StartRecord } from '../journal/records';

/** Tag by which a run, or a logged model, is found again when the answer to its creation was lost. The UI hides tags that begin so. */
export const KEY_TAG = 'mlflow.journalKey';

/** Tag of the journal that alone may be sent to a run, since a process took the run over. The UI hides tags that begin so. */
export const WRITER_TAG = 'mlflow.journalWriter';

/** Another process took the run over: what this one has for it is of no use. */
export class SupersededError extends MlflowError {}

export interface EnsureRunOptions {
  attempt: Attempt;
  restoreDeletedExperiment: boolean;
  /** An earlier process may have made the run although it did not get to note that. */
  mayExist: boolean;
  onWarning: (message: string) => void;
}

export interface EnsuredRun {
  created: CreatedRecord;
  /** A request to make the run went astray and may arrive yet. */
  mayHaveTwins: boolean;
}

/** Makes the run of a journal on the server, or finds it there, exactly once. */
export async function ensureRun(
  client: MlflowClient,
  journal: Journal,
  options: EnsureRunOptions,
): Promise<EnsuredRun> {
  const { start, key } = journal;
  const { attempt } = options;
  const { resume } = start;
  if (resume !== undefined) {
    const run = await attempt((call) => findResumed(client, resume, call));
    return { created: created(run), mayHaveTwins: false };
  }
  const experimentId = await experimentOf(client, start, options);
  const parent = await parentTag(client, journal, experimentId, options);
  let { mayExist } = options;
  let mayHaveTwins = false;
  const run = await attempt(async (call) => {
    const [found] = mayExist ? await findByKey(client, experimentId, key, call) : [];
    if (found !== undefined) return found;
    try {
      return await client.createRun(
        {
          experimentId,
          startTime: start.startTime,
          ...(start.runName === undefined ? {} : { runName: start.runName }),
          tags: [...start.tags, ...parent, { key: KEY_TAG, value: key }],
        },
        call,
      );
    } catch (error) {
      if (error instanceof MlflowError && error.ambiguous) mayExist = mayHaveTwins = true;
      throw error;
    }
  });
  return { created: created(run), mayHaveTwins };
}

/** Throws a `SupersededError` if another process took the journal's run over. */
export async function checkWriter(
  client: MlflowClient,
  runId: string,
  key: string,
  options: CallOptions,
): Promise<void> {
  if (writerOf(await client.getRun(runId, options)) !== key)
    throw new SupersededError(
      `Another process took the run ${runId} over: nothing more is sent to it from here.`,
    );
}

/** The key of the journal that alone may be sent to a run; undefined if any may. */
export function writerOf({ data }: RunEntity): string | undefined {
  return data.tags.find(({ key }) => key === WRITER_TAG)?.value;
}

/** The runs that carry a journal's key, the first one made first. */
export async function findByKey(
  client: MlflowClient,
  experimentId: string,
  key: string,
  options: CallOptions,
): Promise<RunEntity[]> {
  const found: RunEntity[] = [];
  for await (const run of client.searchRuns([experimentId], {
    ...options,
    filter: `tags.\`${KEY_TAG}\` = '${key}'`,
  }))
    found.push(run);
  return found;
}

/** Deletes what a slow server may have made besides the run: a request that timed out can still arrive. */
export async function deleteTwins(
  client: MlflowClient,
  run: CreatedRecord,
  key: string,
  options: CallOptions,
): Promise<void> {
  for (const twin of await findByKey(client, run.experimentId, key, options)) {
    if (twin.info.run_id !== run.runId) await client.deleteRun(twin.info.run_id, options);
  }
}

async function findResumed(client: MlflowClient, runId: string, options: CallOptions): Promise<RunEntity> {
  const key = keyOfLocalRunId(runId);
  if (key === undefined) return client.getRun(runId, options);
  for await (const experiment of client.searchExperiments(options)) {
    const [found] = await findByKey(client, experiment.experiment_id, key, options);
    if (found !== undefined) return found;
  }
  throw new MlflowError(`The server ${client.trackingUri} knows no run ${runId}.`, {
    code: 'RESOURCE_DOES_NOT_EXIST',
    status: 404,
  });
}

async function experimentOf(
  client: MlflowClient,
  start: StartRecord,
  options: EnsureRunOptions,
): Promise<string> {
  const { experiment } = start;
  if (experiment === undefined) throw new MlflowError('The journal names no experiment.');
  if ('id' in experiment) return experiment.id;
  const { restoreDeletedExperiment } = options;
  const found = await options.attempt((call) =>
    client.getOrCreateExperiment(experiment.name, { ...call, restoreDeletedExperiment }),
  );
  return found.experiment_id;
}

async function parentTag(
  client: MlflowClient,
  journal: Journal,
  experimentId: string,
  { attempt, onWarning }: EnsureRunOptions,
): Promise<KeyValue[]> {
  const { parent } = journal.start;
  if (parent === undefined) return [];
  const key = keyOfLocalRunId(parent);
  if (key === undefined) return [{ key: 'mlflow.parentRunId', value: parent }];
  const found = await attempt(async (call) => {
    const [run] = await findByKey(client, experimentId, key, call);
    if (run === undefined && existsSync(join(dirname(journal.file), `${key}.jsonl`))) {
      throw new MlflowError(`The parent run ${parent} has not been sent yet.`, {
        code: 'PARENT_WAITS',
        retryable: true,
        ambiguous: true,
      });
    }
    return run;
  });
  if (found !== undefined) return [{ key: 'mlflow.parentRunId', value: found.info.run_id }];
  onWarning(
    `The run of ${journal.file} has the parent ${parent}, which neither the server nor the journals know: it is made without a parent.`,
  );
  return [];
}

/** What a journal notes of a run that exists. */
export function created({ info }: RunEntity): CreatedRecord {
  return {
    type: 'created',
    runId: info.run_id,
    runName: info.run_name ?? '',
    experimentId: info.experiment_id,
    artifactUri: info.artifact_uri,
  };
}
