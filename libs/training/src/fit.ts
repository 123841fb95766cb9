import {
  type CheckpointOptions,
  loadCheckpoint,
  type Progress,
  saveCheckpoint,
  saveWeights,
} from './checkpoint';
import { TrainingError } from './errors';
import { ScoreSum } from './examples';
import type { BestEpoch, EpochLog, History } from './history';
import { lookAhead } from './inputs';
import { plateauNext, type PlateauOptions, plateauRate, plateauStart } from './plateau';
import { scheduledRate, type ScheduleOptions } from './schedule';
import type { Evaluation, TrainingStep } from './step';

/** Where an epoch stands after a step. */
export interface BatchLog {
  readonly epoch: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly learningRate: number;
  /** Means over the epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Makes further figures of an epoch from what its steps predicted. */
export interface EpochFigures {
  /** Takes a step's example numbers and the class predicted for each. */
  add(examples: Int32Array, predicted: Int32Array): void;
  /** The epoch's figures by name. */
  readonly result: Readonly<Record<string, number>>;
}

/** How the best epoch is kept. */
export interface BestModelOptions {
  readonly file: string;
  /** A figure of the validation part's logits that is to be low; the epoch's log then has it. */
  readonly by?: { readonly name: string; readonly figureOf: (logits: Float32Array) => number };
}

export interface FitOptions {
  /** The batches of an epoch (from 0), as example numbers. */
  readonly batches: (epoch: number) => Iterable<Int32Array>;
  /** How many batches an epoch has; told to `onBatchEnd`. */
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly schedule: ScheduleOptions;
  /** Examples to validate on after each epoch. */
  readonly validation?: Int32Array | null;
  /** Lower the learning rate when the validation loss stands still. */
  readonly reduceOnPlateau?: PlateauOptions | null;
  readonly checkpoint?: CheckpointOptions | null;
  /** Where to keep the weights of the best epoch: that of the highest validation accuracy, unless `by` says otherwise. */
  readonly bestModel?: BestModelOptions | null;
  /** Makes each epoch's further figures, which its log then has. */
  readonly figures?: () => EpochFigures;
  readonly onBatchEnd?: (log: BatchLog) => void;
  /** Called after the epoch's checkpoint is written; after a crash in between, `History` still has the epoch. */
  readonly onEpochEnd?: (log: EpochLog) => void | Promise<void>;
  /** Called once, before anything is trained, with the epochs that a checkpoint already holds. */
  readonly onResume?: (epochs: readonly EpochLog[]) => void | Promise<void>;
  /** Told once where a checkpoint cannot be written; the run goes on, and tries again after each epoch. */
  readonly onWarning?: (message: string) => void;
  /** Stops the run between two steps, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
}

/**
 * Trains for a number of epochs.
 *
 * A run that was stopped and is called again with the same options and `checkpoint.resume` goes on after the last
 * whole epoch and ends exactly as if it had not been stopped. Throws a TrainingError when the loss is no longer a
 * number.
 */
export async function fit(step: TrainingStep, options: FitOptions): Promise<History> {
  check(options);
  const {
    batches,
    epochs,
    stepsPerEpoch,
    schedule,
    validation,
    reduceOnPlateau,
    checkpoint,
    bestModel,
    signal,
  } = options;

  let progress: Progress = { epochs: [], plateau: plateauStart, best: null };
  if (checkpoint?.resume) progress = (await loadCheckpoint(checkpoint, step)) ?? progress;
  if (progress.epochs.length > 0) await options.onResume?.(progress.epochs);
  const resumedAt = progress.epochs.length;
  let validated: Evaluation | null = null;
  const keep = keeper(step, options);

  for (let epoch = resumedAt; epoch < epochs; epoch++) {
    const started = performance.now();
    const scheduled = scheduledRate(schedule, epoch);
    const learningRate = reduceOnPlateau
      ? plateauRate(scheduled, progress.plateau, reduceOnPlateau)
      : scheduled;

    const scores = new ScoreSum();
    const figures = options.figures?.();
    let done = 0;
    for (const batch of lookAhead(batches(epoch), 2, (coming) => step.prefetch(coming))) {
      signal?.throwIfAborted();
      const result = await step.train(batch, learningRate, epoch / epochs);
      done += 1;
      if (!Number.isFinite(result.loss)) throw diverged(result.loss, epoch, done);
      scores.add(result, batch.length);
      figures?.add(batch, result.predicted);
      const { loss } = scores.result;
      options.onBatchEnd?.({
        epoch,
        step: done,
        stepsPerEpoch,
        learningRate,
        loss,
        accuracy: scores.accuracy,
      });
    }
    if (done === 0)
      throw new TrainingError('An epoch has no batches: the training part is smaller than one batch.');
    signal?.throwIfAborted();

    validated = validation?.length ? await step.evaluate(validation) : null;
    const by = validated && bestModel?.by;
    const figure = by && by.figureOf(validated!.logits);
    const log: EpochLog = {
      epoch,
      learningRate,
      loss: scores.result.loss,
      accuracy: scores.accuracy,
      validationLoss: validated && validated.loss,
      validationAccuracy: validated && validated.correct / validation!.length,
      ...(figures || by
        ? { figures: { ...figures?.result, ...(by && { [by.name]: figure as number }) } }
        : {}),
      seconds: (performance.now() - started) / 1000,
      finishedAt: Date.now(),
    };

    progress = { epochs: [...progress.epochs, log], plateau: progress.plateau, best: progress.best };
    if (reduceOnPlateau && validated) {
      const plateau = plateauNext(progress.plateau, validated.loss, learningRate, reduceOnPlateau);
      progress = { ...progress, plateau };
    }
    const best = bestModel && betterEpoch(log, figure, progress.best);
    if (bestModel && best) {
      await saveWeights(bestModel.file, step, best);
      progress = { ...progress, best };
    }
    await keep(progress);
    await options.onEpochEnd?.(log);
  }

  await step.updateNetwork();
  return { epochs: progress.epochs, validated, best: progress.best, resumedAt };
}

/** Writes the checkpoint after each epoch. What a full disk does not take is no reason to lose the training. */
function keeper(
  step: TrainingStep,
  { checkpoint, onWarning }: FitOptions,
): (progress: Progress) => Promise<void> {
  let isTold = false;
  return async (progress) => {
    try {
      if (checkpoint) await saveCheckpoint(checkpoint, step, progress);
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      if (!isTold) onWarning?.(`${error.message}; the training goes on, and is not gone on with from here`);
      isTold = true;
    }
  };
}

/** The epoch as the best one, if it is better than the best so far. */
function betterEpoch(
  { epoch, validationAccuracy }: EpochLog,
  figure: number | null | undefined,
  best: BestEpoch | null,
): BestEpoch | null {
  if (validationAccuracy === null) return null;
  const loss = figure ?? 1 - validationAccuracy;
  return best === null || loss < best.loss ? { epoch, validationAccuracy, loss } : null;
}

function diverged(loss: number, epoch: number, step: number): TrainingError {
  return new TrainingError(
    `The loss became ${loss} in step ${step} of epoch ${epoch + 1}: lower the learning rate or clip the gradients.`,
  );
}

function check({ validation, reduceOnPlateau, bestModel }: FitOptions): void {
  if (validation && validation.length > 0) return;
  if (reduceOnPlateau)
    throw new TrainingError('Reducing the learning rate on a plateau needs validation data.');
  if (bestModel) throw new TrainingError('Keeping the best model needs validation data.');
}
