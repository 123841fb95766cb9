import { join } from 'node:path';
import type { TransferProgress } from '../client/artifacts';
import { count, halve, type Batch } from '../client/batches';
import type { MlflowClient } from '../client/client';
import { messageOf, MlflowError } from '../client/errors';
import type { CallOptions } from '../client/http';
import type { LoggedModel } from '../client/types';
import type { CreatedRecord, FileRecord, InputsRecord, ModelRecord, StatusRecord } from '../journal/records';
import { KEY_TAG } from './ensure-run';

/** Repeats a call until it succeeds or fails for good; an error that `givesUp` is true of counts as failing for good. */
export type Attempt = <T>(
  call: (options: CallOptions) => Promise<T>,
  givesUp?: (error: MlflowError) => boolean,
) => Promise<T>;

/** What a delivery works with. */
export interface Delivery {
  client: MlflowClient;
  run: CreatedRecord;
  spoolFolder: string;
  attempt: Attempt;
  onProgress: (progress: TransferProgress) => void;
  onWarning: (message: string) => void;
}

/** The sender was stopped: what was under way is neither sent nor refused. */
export class StoppedError extends MlflowError {
  constructor() {
    super('Sending was stopped.', { code: 'ABORTED' });
  }
}

/** The run was deleted, or the server has forgotten it: nothing can be sent until that changes. */
export class RunGoneError extends MlflowError {}

/** Batches of so many entries are not made smaller when they take too long. */
const SMALL_BATCH = 50;

/**
 * Sends a batch. One that is refused is halved until the refused entries stand alone; one that takes longer than the server, or a proxy before
 * it, allows is halved too. Returns how many entries were refused.
 */
export async function deliverBatch(
  delivery: Delivery,
  batch: Batch,
): Promise<{ rejected: number; reason: string }> {
  const { client, run, attempt } = delivery;
  const size = count(batch);
  const tooMuch = (error: MlflowError) =>
    size > SMALL_BATCH && (error.code === 'ETIMEDOUT' || error.status === 413 || error.status === 504);
  try {
    await attempt((options) => client.logBatch(run.runId, batch, options), tooMuch);
    return { rejected: 0, reason: '' };
  } catch (error) {
    if (!(error instanceof MlflowError) || !tooMuch(error)) await checkRefused(delivery, error);
    if (size === 1) {
      const entry = batch.metrics[0] ?? batch.params[0] ?? batch.tags[0];
      delivery.onWarning(`MLflow refused "${entry?.key}" of run ${run.runId}: ${messageOf(error)}`);
      return { rejected: 1, reason: messageOf(error) };
    }
    const [first, second] = halve(batch);
    const results = [await deliverBatch(delivery, first), await deliverBatch(delivery, second)];
    return {
      rejected: results.reduce((sum, { rejected }) => sum + rejected, 0),
      reason: results.find(({ reason }) => reason !== '')?.reason ?? '',
    };
  }
}

export async function deliverFile(
  { client, run, spoolFolder, attempt, onProgress }: Delivery,
  record: FileRecord,
): Promise<void> {
  await attempt((options) =>
    client.uploadTo(run.artifactUri, record.path, join(spoolFolder, record.spool), {
      ...options,
      onProgress,
    }),
  );
}

export async function deliverInputs({ client, run, attempt }: Delivery, record: InputsRecord): Promise<void> {
  await attempt((options) => client.logInputs(run.runId, record.datasets, options));
}

export async function deliverStatus({ client, run, attempt }: Delivery, record: StatusRecord): Promise<void> {
  const endTime = record.status === 'RUNNING' ? {} : { endTime: record.at };
  await attempt((options) => client.updateRun(run.runId, { status: record.status, ...endTime }, options));
}

/**
 * Makes the logged model, puts its files there, says that it is ready and names it among the run's outputs; registers it if asked to. The files
 * go among the run's artifacts too: the UI shows a model's own files only for runs that have no other artifact.
 */
export async function deliverModel(delivery: Delivery, record: ModelRecord): Promise<void> {
  const { client, run, spoolFolder, attempt, onProgress } = delivery;
  const model = await attempt((options) => ensureModel(client, run, record, options));
  const { model_id: modelId, artifact_uri: root } = model.info;
  for (const file of record.files) {
    const [path, local] = [`${record.name}/${file}`, join(spoolFolder, record.spool, file)];
    const progress = (event: TransferProgress) => onProgress({ ...event, path });
    await attempt((options) => client.uploadTo(root, file, local, { ...options, onProgress: progress }));
    await attempt((options) => client.uploadTo(run.artifactUri, path, local, options));
  }
  await attempt((options) => client.finalizeLoggedModel(modelId, 'LOGGED_MODEL_READY', options));
  await attempt(async (options) => {
    const { outputs } = await client.getRun(run.runId, options);
    if (outputs.model_outputs.some((output) => output.model_id === modelId)) return;
    await client.logOutputs(run.runId, [{ model_id: modelId, step: record.step }], options);
  });
  const { registeredModelName: name } = record;
  if (name === undefined) return;
  await attempt((options) => client.ensureRegisteredModel(name, options));
  await attempt(async (options) => {
    const versions = await client.searchModelVersions(
      `run_id = '${run.runId}' and name = '${name}'`,
      options,
    );
    if (versions.some(({ source }) => source === `models:/${modelId}`)) return;
    await client.createModelVersion(
      { name, source: `models:/${modelId}`, runId: run.runId, modelId },
      options,
    );
  });
}

async function ensureModel(
  client: MlflowClient,
  run: CreatedRecord,
  record: ModelRecord,
  options: CallOptions,
): Promise<LoggedModel> {
  const filter = `source_run_id = '${run.runId}' AND tags.\`${KEY_TAG}\` = '${record.key}'`;
  const [found] = await client.searchLoggedModels([run.experimentId], { ...options, filter });
  if (found !== undefined) return found;
  return client.createLoggedModel(
    {
      experimentId: run.experimentId,
      name: record.name,
      runId: run.runId,
      params: record.params,
      tags: [...record.tags, { key: KEY_TAG, value: record.key }],
      ...(record.modelType === undefined ? {} : { modelType: record.modelType }),
    },
    options,
  );
}

/** Returns if the error is a refusal of what was sent to a run that is there; else throws what it is. */
export async function checkRefused({ client, run, attempt }: Delivery, error: unknown): Promise<void> {
  if (error instanceof StoppedError || error instanceof RunGoneError) throw error;
  if (!(error instanceof MlflowError) || error.status === undefined) return;
  let gone: string | undefined;
  try {
    const { info } = await attempt((options) => client.getRun(run.runId, options));
    if (info.lifecycle_stage === 'deleted') gone = 'it was deleted; restore it, then send again';
  } catch (runError) {
    if (!(runError instanceof MlflowError) || runError.code !== 'RESOURCE_DOES_NOT_EXIST') throw runError;
    gone = 'the server knows it no longer';
  }
  if (gone !== undefined) throw new RunGoneError(`Nothing can be sent to run ${run.runId}: ${gone}.`);
}
