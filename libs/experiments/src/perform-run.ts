import type { Dataset } from '@label-relaxation/data';
import { batches, isPath } from '@label-relaxation/data';
import type { Loss } from '@label-relaxation/losses';
import { createLoss } from '@label-relaxation/losses';
import type { LossParameterName } from '@label-relaxation/losses/declarations';
import type { Model, ModelName } from '@label-relaxation/models';
import { createModel } from '@label-relaxation/models';
import type { BatchLog, BestModelOptions, EpochLog, History, TrainingStep } from '@label-relaxation/training';
import { createStep, fit } from '@label-relaxation/training';
import { logScoredRun } from './tracking/artifacts';
import { kerasMetrics } from './tracking/keras-metrics';
import { checkCalibration, fitCalibration } from './run/calibration';
import { checkPasses } from './run/check-passes';
import { criterionLoss } from './run/criterion';
import { optimizerSettings } from './run/optimizer';
import { findCheckpoint } from './tracking/checkpoint-place';
import { withModuleDigests } from './modules/contents';
import { lossOf } from './modules/own-loss';
import { buildOwn } from './modules/own-network';
import { tryLoss } from './modules/try-loss';
import { initFrom } from './run/init-from';
import type { PerformRunOptions } from './run/options';
import type { Parameters } from './parameters/parameters';
import { configurationOf } from './parameters/parameters';
import type { PreparedData } from './run/prepare-data';
import { prepareData, summariseSplit } from './run/prepare-data';
import { changedShare, NoiseFigures } from './run/noise-figures';
import { paceOf } from './run/pace';
import type { SettledParameters } from './run/precision';
import { withPrecision } from './run/precision';
import type { RunPlan, RunResult } from './run/result';
import { labelsOf, scoreCalibrated, scoreLogits } from './run/score';
import { suspiciousLabels } from './run/suspicious-labels';
import type { TrackedWork } from './tracking/tracked-run';
import { logEpoch, withTrackedRun } from './tracking/tracked-run';

/** Resolves, loads and splits all that a run would use; trains nothing and asks no server. */
export async function planRun(given: Parameters, options: PerformRunOptions = {}): Promise<RunPlan> {
  checkPasses();
  const parameters = await withPrecision(withModuleDigests(given), options);
  const data = await prepareData(parameters, options);
  await data.dataset.close();
  checkCalibration(parameters, data);
  buildLoss(parameters, data);
  const model = buildModel(parameters, data);
  if (isPath(parameters.init_from ?? '')) await initFrom(model, parameters, options);
  model.dispose();
  const { model_name, dataset_name, loss_name, alpha, seed, epochs } = parameters;
  return {
    model_name,
    dataset_name,
    loss_name,
    alpha,
    seed,
    scored: data.scored,
    epochs,
    parameters: model.parameters,
    split: summariseSplit(data.split),
    changed_labels: changedShare(data),
    data_source: data.dataset.source,
    configuration: configurationOf(parameters),
  };
}

/**
 * One run of the study, from its parameters to its tracked result: loads and splits the data, trains, calibrates
 * where asked, scores the held-out part, and logs all of it.
 *
 * Whatever happens, the tracked run ends: FINISHED, FAILED with the error, or KILLED when `signal` is aborted, whose
 * reason is then thrown.
 */
export async function performRun(given: Parameters, options: PerformRunOptions = {}): Promise<RunResult> {
  checkPasses();
  const parameters = await withPrecision(withModuleDigests(given), options);
  const data = await prepareData(parameters, options);
  try {
    return await performOn(data, await withContents(parameters, data.dataset), options);
  } finally {
    await data.dataset.close();
  }
}

/** The parameters of a run with the digest of its data, where that is the user's own and may change. */
async function withContents<P extends Parameters>(parameters: P, dataset: Dataset): Promise<P> {
  if (!isPath(parameters.dataset_name)) return parameters;
  return { ...parameters, dataset_sha256: await dataset.digest() };
}

async function performOn(
  data: PreparedData,
  parameters: SettledParameters,
  options: PerformRunOptions,
): Promise<RunResult> {
  const { signal, onEvent } = options;
  checkCalibration(parameters, data);
  const loss = buildLoss(parameters, data);
  const model = buildModel(parameters, data);
  const work = { parameters, data, model, place: findCheckpoint(parameters, options), options };
  if (!work.place.resume) await initFrom(model, parameters, options);
  return withTrackedRun(work, async (run) => {
    const step = await makeStep(parameters, data, { network: model, loss }, options);
    try {
      if (parameters.explain) onEvent?.({ type: 'explanation', message: step.explain() });
      const { epochs, validated } = await train(work, step, (log) => logEpoch(run, parameters, log));
      signal?.throwIfAborted();
      onEvent?.({ type: 'stage', message: `scoring the ${data.scored} part` });
      const calibration = await fitCalibration(parameters, data, step);
      const labels = labelsOf(data, data.scoredIndices);
      // The last epoch has scored the validation part with these very weights.
      const isScored = validated !== null && data.scored === 'validation';
      const logits = isScored ? validated.logits : await step.logits(data.scoredIndices);
      const suspicious = data.disturbed && suspiciousLabels(data, await step.logits(data.split.train));
      const result: RunResult = {
        run_id: run.id,
        experiment_id: run.experimentId ?? null,
        tracking_uri: run.trackingUri ?? null,
        run_url: run.url ?? null,
        model_name: parameters.model_name,
        dataset_name: parameters.dataset_name,
        loss_name: parameters.loss_name,
        alpha: parameters.alpha,
        seed: parameters.seed,
        scored: data.scored,
        ...scoreCalibrated(logits, labels, data.dataset.classes, calibration),
        epochs: parameters.epochs,
        train_seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
        parameters: model.parameters,
        split: summariseSplit(data.split),
        changed_labels: changedShare(data),
        changed_labels_found: suspicious && suspicious.found,
      };
      const trainedAt = epochs.at(-1)?.finishedAt ?? 0;
      const scored = { step, epochs, calibration, logits, labels, suspicious, result, trainedAt };
      await logScoredRun(run, { ...work, ...scored });
      return result;
    } finally {
      step.dispose();
    }
  }).finally(() => model.dispose());
}

function buildModel({ model_name, seed }: Parameters, { dataset }: PreparedData): Model {
  const options = { inputShape: dataset.shape, classes: dataset.classes, seed };
  return isPath(model_name) ? buildOwn(model_name, options) : createModel(model_name as ModelName, options);
}

/** The loss of a run; one of the user's own is tried first. */
function buildLoss(parameters: Parameters, { dataset }: PreparedData): Loss {
  const { loss_name, alpha } = parameters;
  const loss = createLoss(lossOf(loss_name), alpha, lossParametersOf(parameters));
  if (isPath(loss_name)) tryLoss(loss, loss_name, dataset.classes);
  return loss;
}

function makeStep(
  parameters: SettledParameters,
  { dataset, labels, targets, normalisation }: PreparedData,
  { network, loss }: { network: Model; loss: Loss },
  { onEvent }: PerformRunOptions,
): Promise<TrainingStep> {
  const { decay, gradient_clipping, data_augmentation, seed, batch_size, eager, precision } = parameters;
  return createStep({
    network,
    loss,
    optimizer: { ...optimizerSettings, decay, clipValue: gradient_clipping },
    data: { ...dataset, labels, targets, ...normalisation },
    augmentation: data_augmentation && dataset.shape.length === 3 ? { shift: 0.1, flip: true } : null,
    seed,
    batchSize: batch_size,
    eager,
    precision,
    onWarning: (message) => onEvent?.({ type: 'warning', message }),
  });
}

/** The parameters that a run's loss has besides alpha. */
function lossParametersOf(parameters: Parameters): Record<string, number> {
  const names = Object.keys(lossOf(parameters.loss_name).parameters ?? {}) as LossParameterName[];
  return Object.fromEntries(names.map((name) => [name, parameters[name] as number]));
}

/** What the best epoch is chosen by, where that is not the validation accuracy, which is there anyway. */
function bestBy({ select }: Parameters, data: PreparedData): Pick<BestModelOptions, 'by'> {
  const { dataset, split } = data;
  if (select === 'accuracy' || !split.validation) return {};
  const labels = labelsOf(data, split.validation);
  const figureOf = (logits: Float32Array) =>
    criterionLoss(select, scoreLogits(logits, labels, dataset.classes));
  return { by: { name: `val_${select}`, figureOf } };
}

/** Trains to the last epoch; the epochs before an interruption are in the history, too. */
function train(
  { parameters, data, place, options: { signal, onEvent } }: TrackedWork,
  step: TrainingStep,
  tellEpoch: (log: EpochLog) => void,
): Promise<History> {
  const { split, disturbed } = data;
  const { epochs, batch_size, seed, initial_lr, steps, lr_sched_multipler, warmup } = parameters;
  const stepsPerEpoch = Math.ceil(split.train.length / batch_size);
  const pace = paceOf(epochs * stepsPerEpoch);
  onEvent?.({ type: 'stage', message: `training on ${split.train.length} examples, ${step.kind} step` });
  return fit(step, {
    batches: (epoch) => batches(split.train, batch_size, { seed, epoch }),
    stepsPerEpoch,
    epochs,
    schedule: { initialRate: initial_lr, steps, multiplier: lr_sched_multipler, warmup },
    validation: split.validation,
    reduceOnPlateau: parameters.reduce_on_plateau ? {} : null,
    checkpoint: { file: place.file, resume: place.resume, identity: place.identity },
    bestModel: parameters.model_checkpoints ? { file: place.bestFile, ...bestBy(parameters, data) } : null,
    ...(disturbed ? { figures: () => new NoiseFigures(data, disturbed) } : {}),
    onWarning: (message) => onEvent?.({ type: 'warning', message }),
    onResume: (done) => done.forEach(tellEpoch),
    onBatchEnd: ({ epoch, step: done, loss, accuracy }: BatchLog) => {
      const secondsLeft = pace(epoch * stepsPerEpoch + done);
      onEvent?.({
        type: 'batch',
        epoch,
        epochs,
        step: done,
        steps: stepsPerEpoch,
        loss,
        accuracy,
        secondsLeft,
      });
    },
    onEpochEnd: (log) => {
      tellEpoch(log);
      const secondsLeft = pace((log.epoch + 1) * stepsPerEpoch);
      onEvent?.({
        type: 'epoch',
        epoch: log.epoch,
        epochs,
        metrics: kerasMetrics(log),
        seconds: log.seconds,
        secondsLeft,
      });
    },
    ...(signal ? { signal } : {}),
  });
}
