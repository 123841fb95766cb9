import type { Calibrator } from '@label-relaxation/calibration';
import { temperatureRefinement } from '@label-relaxation/calibration';
import {
  accuracy,
  aurc,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  smoothCalibrationError,
} from '@label-relaxation/metrics';
import type { Dataset, Labels } from '@label-relaxation/data';
import type { Calibration } from './calibration';
import { calibratedProbabilities, scoreConformal } from './calibration';
import type { CalibratedScores, Scores } from './result';

/** Folds of the refinement, and the fewest examples that it is taken of. */
const folds = 5;
const fewest = 10;

/** Accuracy and calibration of logits, [examples, classes] row by row, after a calibrator. */
export function scoreLogits(
  logits: Float32Array,
  labels: Labels,
  classes: number,
  calibrator: Calibrator | null = null,
): Scores {
  const probabilities = calibratedProbabilities(logits, classes, calibrator);
  return {
    accuracy: accuracy(probabilities, labels),
    ece: expectedCalibrationError(probabilities, labels),
    nll: logLoss(logits, probabilities, labels, calibrator),
    brier: brierScore(probabilities, labels),
    refinement: refinementOf(logits, labels),
    smooth_ece: smoothCalibrationError({ probabilities }, labels),
    aurc: aurc({ probabilities }, labels),
  };
}

/** The scores of a run after what was fitted on its scaling part, those before it, and its prediction sets. */
export function scoreCalibrated(
  logits: Float32Array,
  labels: Labels,
  classes: number,
  { calibrator, conformal }: Calibration,
): CalibratedScores {
  return {
    ...scoreLogits(logits, labels, classes, calibrator),
    temperature: calibrator?.method === 'temperature' ? calibrator.temperature : null,
    calibrator: calibrator?.method ?? null,
    uncalibrated: calibrator === null ? null : scoreLogits(logits, labels, classes),
    conformal:
      conformal && scoreConformal(conformal, calibratedProbabilities(logits, classes, calibrator), labels),
  };
}

/**
 * Mean negative log-likelihood. Probabilities of 0, which isotonic regression and histogram binning can give, count as
 * 2^-52, as in scikit-learn's `log_loss`.
 */
function logLoss(
  logits: Float32Array,
  probabilities: Float64Array,
  labels: Labels,
  calibrator: Calibrator | null,
): number {
  if (calibrator === null) return negativeLogLikelihood(logits, labels);
  if (calibrator.method === 'temperature')
    return negativeLogLikelihood({ logits }, labels, { temperature: calibrator.temperature });
  const kept = probabilities.map((p) => Math.log(Math.max(p, Number.EPSILON)));
  return negativeLogLikelihood(kept, labels);
}

/** The cross-fitted NLL of logits after temperature scaling; null of too few examples for folds. */
export function refinementOf(logits: Float32Array, labels: Labels): number | null {
  return labels.length < fewest ? null : temperatureRefinement({ logits }, labels, { folds }).nll.refinement;
}

/** The labels of some examples, in the order of their numbers. */
export function labelsOf({ labels }: Pick<Dataset, 'labels'>, indices: Int32Array): Labels {
  const labelOf = (index: number) => labels[index] as number;
  return labels instanceof Uint8Array
    ? Uint8Array.from(indices, labelOf)
    : Uint16Array.from(indices, labelOf);
}
