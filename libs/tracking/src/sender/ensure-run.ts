import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MlflowClient } from '../client/client';
import { MlflowError } from '../client/errors';
import type { CallOptions } from '../client/http';
import type { KeyValue, RunEntity } from '../client/types';
import type { Journal } from '../journal/journal';
import { keyOfLocalRunId, type CreatedRecord, type StartRecord } from '../journal/records';

/** Tag by which a run, or a logged model, is found again when the answer to its creation was lost. The UI hides tags that begin so. */
export const KEY_TAG = 'mlflow.journalKey';

export interface EnsureRunOptions extends CallOptions {
  restoreDeleted: boolean;
  /** An earlier try may have made the run although its answer was lost. */
  mayExist: boolean;
  onWarning: (message: string) => void;
}

/**
 * Makes the run of a journal on the server, or finds it there, exactly once: one try. When it fails with an ambiguous error the
 * next try must say `mayExist`.
 */
export async function ensureRun(
  client: MlflowClient,
  journal: Journal,
  options: EnsureRunOptions,
): Promise<CreatedRecord> {
  const { start, key } = journal;
  if (start.resume !== undefined) return created(await findResumed(client, start.resume, options));
  const experimentId = await experimentOf(client, start, options);
  if (options.mayExist) {
    const [found] = await findByKey(client, experimentId, key, options);
    if (found !== undefined) return created(found);
  }
  const parent = await parentTag(client, journal, experimentId, options);
  const run = await client.createRun(
    {
      experimentId,
      startTime: start.startTime,
      ...(start.runName === undefined ? {} : { runName: start.runName }),
      tags: [...start.tags, ...parent, { key: KEY_TAG, value: key }],
    },
    options,
  );
  return created(run);
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
  if (start.experiment === undefined) throw new MlflowError('The journal names no experiment.');
  if ('id' in start.experiment) return start.experiment.id;
  return (await client.getOrCreateExperiment(start.experiment.name, options)).experiment_id;
}

async function parentTag(
  client: MlflowClient,
  journal: Journal,
  experimentId: string,
  options: EnsureRunOptions,
): Promise<KeyValue[]> {
  const { parent } = journal.start;
  if (parent === undefined) return [];
  const key = keyOfLocalRunId(parent);
  if (key === undefined) return [{ key: 'mlflow.parentRunId', value: parent }];
  const [found] = await findByKey(client, experimentId, key, options);
  if (found !== undefined) return [{ key: 'mlflow.parentRunId', value: found.info.run_id }];
  if (existsSync(join(dirname(journal.file), `${key}.jsonl`))) {
    throw new MlflowError(`The parent run ${parent} has not been sent yet.`, {
      code: 'PARENT_WAITS',
      retryable: true,
    });
  }
  options.onWarning(
    `The run of ${journal.file} has the parent ${parent}, which neither the server nor the journals know: it is made without a parent.`,
  );
  return [];
}

function created({ info }: RunEntity): CreatedRecord {
  return {
    type: 'created',
    runId: info.run_id,
    runName: info.run_name ?? '',
    experimentId: info.experiment_id,
    artifactUri: info.artifact_uri,
  };
}
