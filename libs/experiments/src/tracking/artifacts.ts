import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classesSvg, figuresByClass, predictedBy } from '@label-relaxation/confidence';
import { reliabilityCurve, reliabilityDiagram } from '@label-relaxation/metrics';
import { reliabilityDiagramSvg } from '@label-relaxation/plots';
import type { Labels } from '@label-relaxation/data';
import type { Run } from '@label-relaxation/tracking';
import type { Model } from '@label-relaxation/models';
import type { EpochLog, TrainingStep } from '@label-relaxation/training';
import { withSavedWeights } from '@label-relaxation/training';
import {
  bestModelName,
  calibratorChoiceFile,
  calibratorFile,
  classesDataFile,
  classesDiagramFile,
  confidenceFile,
  conformalFile,
  diagramDataFile,
  diagramFile,
  modelName,
  resultFile,
  suspiciousFile,
} from './artifact-names';
import type { CheckpointPlace } from './checkpoint-place';
import { writeModel } from './export-model';
import { RunError } from '../errors';
import { confidencePageOf } from '../page/page-of-run';
import { modelTypeOf, titleOf } from '../parameters/names';
import type { Parameters } from '../parameters/parameters';
import type { PreparedData } from '../run/prepare-data';
import type { Calibration } from '../run/calibration';
import { calibratedProbabilities } from '../run/calibration';
import type { PerformRunOptions } from '../run/options';
import type { CalibratedScores, RunResult } from '../run/result';
import { scoresOnly } from '../run/scores-only';
import type { SuspiciousLabels } from '../run/suspicious-labels';

/** Predictions that are scored, with all that their artifacts are made from. */
export interface ScoredPredictions {
  /** The title of the diagrams. */
  readonly title: string;
  readonly classNames: readonly string[];
  /** What was fitted on the scaling part. */
  readonly calibration: Calibration;
  /** Logits and labels of the scored part. */
  readonly logits: Float32Array;
  readonly labels: Labels;
  readonly result: CalibratedScores;
  /** When they were made, in milliseconds: the time of the scores. */
  readonly trainedAt: number;
}

/** A run that is trained and scored, with all that its artifacts are made from. */
export interface ScoredRun extends Omit<ScoredPredictions, 'title' | 'classNames'> {
  readonly parameters: Parameters;
  readonly data: PreparedData;
  readonly model: Model;
  readonly step: TrainingStep;
  readonly epochs: readonly EpochLog[];
  readonly place: CheckpointPlace;
  readonly options: Pick<PerformRunOptions, 'onEvent'>;
  /** Null where the training part has the data set's own labels. */
  readonly suspicious: SuspiciousLabels | null;
  readonly result: RunResult;
  /** When the last epoch ended, in milliseconds: the time of the scores, so that a run that is scored again logs the same points. */
  readonly trainedAt: number;
}

/** Logs a run's scores, its models, its diagrams and its page, and its result. */
export async function logScoredRun(run: Run, scored: ScoredRun): Promise<void> {
  const { parameters, data, step, place, suspicious, result, trainedAt } = scored;
  const { loss_name, alpha, model_name, dataset_name } = parameters;
  const title = `${titleOf(loss_name)}, alpha ${alpha}: ${titleOf(model_name)} on ${titleOf(dataset_name)}`;
  const probabilities = logScores(run, { ...scored, title, classNames: data.dataset.classNames });
  run.logText(await confidencePageOf(scored, title, probabilities), confidenceFile);
  run.logJson(result, resultFile);
  if (suspicious !== null) {
    run.logText(suspicious.csv, suspiciousFile);
    if (suspicious.found !== null)
      run.logMetrics({ changed_labels_found: suspicious.found }, { timestamp: trainedAt });
  }
  await logNetwork(run, scored, modelName);
  if (parameters.model_checkpoints) {
    await withSavedWeights(place.bestFile, step, () => logNetwork(run, scored, bestModelName));
  }
}

/** Logs scores, what was fitted for them, and their diagrams; gives the calibrated probabilities. */
export function logScores(run: Run, scored: ScoredPredictions): Float64Array {
  const { title, classNames, logits, labels, result, trainedAt } = scored;
  const { temperature } = result;
  const { accuracy, ...scores } = scoresOnly(result);
  const taken = Object.entries(scores).filter((entry): entry is [string, number] => entry[1] !== null);
  run.logMetrics({ test_accuracy: accuracy, ...Object.fromEntries(taken) }, { timestamp: trainedAt });
  logCalibration(run, scored);
  const probabilities = calibratedProbabilities(logits, classNames.length, scored.calibration.calibrator);
  const diagram = reliabilityDiagram(probabilities, labels);
  const svg = reliabilityDiagramSvg(diagram, {
    title,
    curve: reliabilityCurve({ probabilities }, labels),
    ...(temperature === null ? {} : { temperature }),
  });
  run.logFigure(svg, diagramFile);
  run.logJson(diagram, diagramDataFile);
  const byClass = figuresByClass(predictedBy({ labels, classNames }, probabilities));
  run.logJson(byClass, classesDataFile);
  const classesDiagram = classesSvg(byClass, title);
  if (classesDiagram !== null) run.logFigure(classesDiagram, classesDiagramFile);
  return probabilities;
}

/** Logs what was fitted on the scaling part, as JSON, with the scores before it and the prediction sets' own. */
function logCalibration(run: Run, { calibration, result, trainedAt }: ScoredPredictions): void {
  const time = { timestamp: trainedAt };
  const { calibrator, choice, conformal } = calibration;
  const { temperature, uncalibrated, conformal: sets } = result;
  if (calibrator !== null) run.logJson(calibrator, calibratorFile);
  if (choice !== null) run.logJson(choice, calibratorChoiceFile);
  if (conformal !== null) run.logJson(conformal, conformalFile);
  if (result.calibrator !== null) run.logParams({ calibrator: result.calibrator });
  if (temperature !== null) {
    run.logMetrics({ temperature }, time);
    run.logParams({ T: temperature });
  }
  for (const [name, value] of Object.entries(uncalibrated ?? {})) {
    // The refinement is of what a network tells apart, whatever is done to it afterwards.
    if (name !== 'refinement') run.logMetrics({ [`${name}_unscaled`]: value as number }, time);
  }
  if (sets === null) return;
  const { threshold, coverage, mean_size } = sets;
  run.logMetrics(
    {
      conformal_coverage: coverage,
      conformal_mean_size: mean_size,
      ...(threshold === null ? {} : { conformal_threshold: threshold }),
    },
    time,
  );
}

async function logNetwork(run: Run, scored: ScoredRun, name: string): Promise<void> {
  const { data, model, parameters, result, calibration } = scored;
  const { calibrator, conformal } = calibration;
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-model-'));
  try {
    const description = await writeModel(folder, model, {
      normalisation: data.normalisation,
      temperature: result.temperature,
      classNames: data.dataset.classNames,
      onWarning: (message) => scored.options.onEvent?.({ type: 'warning', message }),
      ...(calibrator === null ? {} : { calibrator }),
      ...(conformal === null ? {} : { conformal }),
      metadata: {
        run_id: run.id,
        loss: titleOf(parameters.loss_name),
        alpha: String(parameters.alpha),
        dataset: data.dataset.name,
      },
    }).catch((error: unknown) => {
      const isOfDisk = (error as NodeJS.ErrnoException).code !== undefined;
      throw isOfDisk ? new RunError(`The model cannot be written: ${(error as Error).message}`) : error;
    });
    const params = { model_type: modelTypeOf(parameters.model_name), dataset_name: parameters.dataset_name };
    await run.logModel(folder, {
      name,
      key: name,
      step: parameters.epochs - 1,
      description,
      modelType: 'classifier',
      params,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
