import type { Calibrator, ConformalPredictor, MethodScore, SetScores } from '@label-relaxation/calibration';
import {
  chooseCalibrator,
  fitCalibrator,
  fitConformal,
  predictSets,
  refusalOf,
  scoreSets,
  transform,
} from '@label-relaxation/calibration';
import type { Labels } from '@label-relaxation/data';
import { softmax } from '@label-relaxation/metrics';
import type { TrainingStep } from '@label-relaxation/training';
import { UsageError } from '../errors';
import type { Parameters } from '../parameters/parameters';
import type { PreparedData } from './prepare-data';
import { labelsOf } from './score';

/** What a run fits on its scaling part, to repair and to complete what its network predicts. */
export interface Calibration {
  /** Null where none was asked for. */
  readonly calibrator: Calibrator | null;
  /** How each method did, where the best was asked for. */
  readonly choice: readonly MethodScore[] | null;
  /** Null where no prediction sets were asked for. */
  readonly conformal: ConformalPredictor | null;
}

/** What calibration needs to know of the data. */
export interface ScalingData extends Pick<PreparedData, 'labels'> {
  readonly split: Pick<PreparedData['split'], 'scaling'>;
  readonly dataset: Pick<PreparedData['dataset'], 'classes'>;
}

/** Whether a run holds out a scaling part. */
export function needsScaling({ calibrate, conformal }: Parameters): boolean {
  return calibrate !== 'none' || conformal > 0;
}

/**
 * The examples that the calibrator and the conformal thresholds are fitted on: every other one where both are, since a threshold
 * holds only for examples that nothing was fitted on.
 */
function scalingParts(parameters: Parameters, { split }: ScalingData) {
  const scaling = split.scaling ?? new Int32Array();
  if (parameters.calibrate === 'none' || parameters.conformal === 0) {
    return { calibrated: scaling, conformed: scaling };
  }
  return {
    calibrated: scaling.filter((_, i) => i % 2 === 0),
    conformed: scaling.filter((_, i) => i % 2 === 1),
  };
}

/** Throws a UsageError, before anything is trained, where the scaling part is too small for the method. */
export function checkCalibration(parameters: Parameters, data: ScalingData): void {
  const { calibrate } = parameters;
  if (calibrate === 'none' || calibrate === 'best') return;
  const { classes } = data.dataset;
  const labels = labelsOf(data, scalingParts(parameters, data).calibrated);
  const reason = refusalOf(calibrate, labels, classes);
  if (reason !== null) throw new UsageError(`--calibrate ${calibrate} cannot be done: ${reason}`);
}

/** Fits what a run was asked for on the logits of its scaling part. */
export async function fitCalibration(
  parameters: Parameters,
  data: ScalingData,
  step: Pick<TrainingStep, 'logits'>,
): Promise<Calibration> {
  const { calibrate, conformal, temp_method, seed } = parameters;
  const { calibrated, conformed } = scalingParts(parameters, data);
  const examplesOf = async (indices: Int32Array) => ({
    logits: await step.logits(indices),
    labels: labelsOf(data, indices),
  });
  let calibrator: Calibrator | null = null;
  let choice: readonly MethodScore[] | null = null;
  if (calibrate === 'best') {
    const chosen = chooseCalibrator(await examplesOf(calibrated), { seed });
    calibrator = chosen.calibrator;
    choice = chosen.scores;
  } else if (calibrate === 'temperature') {
    calibrator = fitCalibrator(calibrate, await examplesOf(calibrated), { by: temp_method });
  } else if (calibrate !== 'none') {
    calibrator = fitCalibrator(calibrate, await examplesOf(calibrated));
  }
  if (conformal === 0) return { calibrator, choice, conformal: null };
  const { logits, labels } = await examplesOf(conformed);
  const probabilities = calibratedProbabilities(logits, data.dataset.classes, calibrator);
  return {
    calibrator,
    choice,
    conformal: fitConformal({ probabilities, labels }, { alpha: conformal, seed }),
  };
}

/** Probabilities of logits, calibrated if there is a calibrator. */
export function calibratedProbabilities(
  logits: Float32Array,
  classes: number,
  calibrator: Calibrator | null,
): Float64Array {
  return calibrator === null ? softmax(logits, classes) : transform(calibrator, { logits });
}

/** How prediction sets do on the scored part. */
export interface ConformalScores extends Pick<SetScores, 'coverage'> {
  readonly alpha: number;
  /** Classes of at least 1 minus this probability are in a set; null where the scaling part is too small, and all are. */
  readonly threshold: number | null;
  readonly mean_size: number;
}

/** Coverage and size of the sets of some examples. */
export function scoreConformal(
  predictor: ConformalPredictor,
  probabilities: Float64Array,
  labels: Labels,
): ConformalScores {
  const { coverage, meanSize } = scoreSets(predictSets(predictor, { probabilities }), labels);
  return {
    alpha: predictor.alpha,
    threshold: predictor.thresholds[0] ?? null,
    coverage,
    mean_size: meanSize,
  };
}
