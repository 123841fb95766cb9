import type { Split } from '@label-relaxation/data';
import type { Model } from '@label-relaxation/models';
import type { Run, TrackingOptions } from '@label-relaxation/tracking';
import { interruptedRun, resumeRun, shortDigest, startRun, tensorSchema } from '@label-relaxation/tracking';
import type { EpochLog } from '@label-relaxation/training';
import { configurationFile, modulesFolder, summaryFile } from './artifact-names';
import type { CheckpointPlace } from './checkpoint-place';
import { runKey } from './checkpoint-place';
import { kerasMetrics } from './keras-metrics';
import { moduleFlags } from '../modules/contents';
import { loadModule } from '../modules/load-module';
import { lossOf } from '../modules/own-loss';
import { modelTypeOf, titleOf } from '../parameters/names';
import { changedShare } from '../run/noise-figures';
import { optimizerSettings } from '../run/optimizer';
import type { PerformRunOptions } from '../run/options';
import type { Parameters } from '../parameters/parameters';
import { configurationOf, parameterTable } from '../parameters/parameters';
import type { PreparedData } from '../run/prepare-data';
import { summariseSplit } from '../run/prepare-data';
import { labelsOf } from '../run/score';

/** The MLflow experiment of runs that name none. */
export const defaultExperiment = 'LabelRelaxationStudy';

/** What a tracked run is opened for. */
export interface TrackedWork {
  readonly parameters: Parameters;
  readonly data: PreparedData;
  readonly model: Model;
  readonly place: CheckpointPlace;
  readonly options: PerformRunOptions;
}

/**
 * Runs `body` with the tracked run of this work: a new one, or the one that is gone on with. The run's params, data
 * sets, summary and configuration are logged first. It ends as FINISHED, as KILLED when the signal is aborted, or as
 * FAILED with the error as a tag. Its checkpoint is kept until it is finished, and the server knows, so that a run that is cut off
 * while its model is logged goes on as itself.
 */
export async function withTrackedRun<T>(work: TrackedWork, body: (run: Run) => Promise<T>): Promise<T> {
  const run = await openRun(work);
  const result = await untilEnd(run, work.options.signal, async () => {
    work.place.claim(run.id);
    await describeWork(run, work);
    return body(run);
  });
  // With events that still wait for the server the run is not finished there: whoever goes on with it has to find its checkpoint, or
  // would train anew and log each epoch twice.
  const { waiting } = await run.end();
  if (waiting === 0 || work.parameters.offline) work.place.remove();
  return result;
}

/** Does something in a run, which then ends: FINISHED, KILLED when the signal is aborted, or FAILED with the error. */
export async function untilEnd<T>(
  run: Run,
  signal: AbortSignal | undefined,
  body: () => Promise<T>,
): Promise<T> {
  try {
    const result = await body();
    signal?.throwIfAborted();
    await run.end('FINISHED');
    return result;
  } catch (error) {
    await run.end(signal?.aborted ? 'KILLED' : 'FAILED', { error: signal?.aborted ? signal.reason : error });
    throw error;
  }
}

async function openRun({ parameters, place, options }: TrackedWork): Promise<Run> {
  const tags = { run_key: runKey(parameters) };
  const begun = () => interruptedRun({ key: 'run_key', value: tags.run_key });
  const runId = place.runId ?? options.runId ?? (parameters.resume ? begun() : undefined);
  if (runId !== undefined) {
    return resumeRun(runId, {
      ...trackingOptions(parameters, options),
      takeOver: options.takeOver ?? false,
    });
  }
  return openNewRun(parameters, options, {
    runName: defaultRunName(parameters),
    tags,
  });
}

/** Starts a tracked run of the user's flags on the server, or offline. */
export async function openNewRun(
  parameters: Parameters,
  options: PerformRunOptions,
  { runName, tags }: { readonly runName: string; readonly tags: Readonly<Record<string, string>> },
): Promise<Run> {
  const { MLFLOW_EXPERIMENT_NAME: named, MLFLOW_EXPERIMENT_ID: numbered } = process.env;
  const fallback = named || numbered ? null : defaultExperiment;
  const experimentName = parameters.experiment_name ?? fallback;
  return startRun({
    ...trackingOptions(parameters, options),
    ...(experimentName === null ? {} : { experimentName }),
    runName: parameters.run_name ?? runName,
    tags: { ...tags, ...options.tags },
    ...(options.parentRunId === undefined ? {} : { parent: options.parentRunId }),
  });
}

function trackingOptions({ tracking_uri, offline }: Parameters, options: PerformRunOptions): TrackingOptions {
  return {
    ...(tracking_uri === null ? {} : { trackingUri: tracking_uri }),
    offline,
    systemMetrics: true,
    syncCommand: 'npm run study -- sync',
    onWarning: (message) => options.onEvent?.({ type: 'warning', message }),
    ...(options.beforeSend === undefined ? {} : { beforeSend: options.beforeSend }),
  };
}

function defaultRunName({ model_name, dataset_name, loss_name, alpha, seed }: Parameters): string {
  return `${titleOf(model_name)}-${titleOf(dataset_name)}-${lossOf(loss_name).short}-alpha${alpha}-seed${seed}`;
}

/** Logs what is known of a run before it trains. */
async function describeWork(run: Run, { parameters, data, model, options }: TrackedWork): Promise<void> {
  run.logParams({ ...runParams(parameters), scored: data.scored, ...options.params });
  await logData(run, data);
  const changed = changedShare(data);
  if (changed !== null) run.logMetrics({ changed_labels: changed });
  run.logText(model.summary(), summaryFile);
  run.logJson(configurationOf(parameters), configurationFile);
  for (const flag of moduleFlags(parameters)) {
    for (const [name, text] of loadModule(parameters[flag], flag).files)
      run.logText(text, `${modulesFolder}/${name}`);
  }
}

/** A run's params: its flags, the names that the original logs, and those of Keras's autologging. */
export function runParams(parameters: Parameters): Record<string, string> {
  const flags = (Object.keys(parameterTable) as (keyof Parameters)[])
    .filter((name) => parameterTable[name].logged && parameters[name] !== null)
    .map((name) => [name, paramText(parameters[name])]);
  const { momentum, nesterov } = optimizerSettings;
  return {
    ...Object.fromEntries(flags),
    model_type: modelTypeOf(parameters.model_name),
    loss_type: lossOf(parameters.loss_name).type,
    opt_name: 'SGD',
    opt_learning_rate: String(parameters.initial_lr),
    opt_decay: String(parameters.decay),
    opt_momentum: String(momentum),
    opt_nesterov: paramText(nesterov),
  };
}

function paramText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

async function logData(run: Run, data: PreparedData): Promise<void> {
  const { dataset, split, scored, disturbed, labels: taughtLabels } = data;
  const { shape, dtype, targets, classes, classNames } = dataset;
  const labels = targets
    ? { shape: [classes], type: 'float32' }
    : { shape: [], type: dataset.labels instanceof Uint8Array ? 'uint8' : 'uint16' };
  const schema = tensorSchema({ shape, type: dtype }, labels, classNames);
  const contents = await dataset.digest();
  for (const [part, summary] of Object.entries(summariseSplit(split))) {
    if (summary === null) continue;
    const context = part === 'train' ? 'train' : part === scored ? 'eval' : part;
    const { size, sha256 } = summary;
    const examples = split[part as keyof Split] as Int32Array;
    const isChanged = examples.some((example) => disturbed?.[example]);
    const taught = isChanged ? ` ${labelsOf({ labels: taughtLabels }, examples).join('')}` : '';
    const digest = shortDigest(`${contents} ${sha256}${taught}`);
    const profile = { num_rows: size, part, sha256, num_classes: classes };
    run.logInput({ name: dataset.name, digest, source: dataset.source, schema, profile }, context);
  }
}

/** Logs an epoch's figures: every `autolog_freq` epochs and after the last one, at the time that the epoch ended. */
export function logEpoch(run: Run, { autolog_freq, epochs }: Parameters, log: EpochLog): void {
  const done = log.epoch + 1;
  if (done % autolog_freq !== 0 && done !== epochs) return;
  const metrics = { ...kerasMetrics(log), learning_rate: log.learningRate };
  run.logMetrics(metrics, { step: log.epoch, timestamp: log.finishedAt });
}
