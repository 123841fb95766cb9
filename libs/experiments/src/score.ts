import {
  accuracy,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  softmax,
} from '@label-relaxation/metrics';
import type { Scores } from './result';

/** Accuracy and calibration of logits, [examples, classes] row by row, at a temperature. */
export function scoreLogits(
  logits: Float32Array,
  labels: Uint8Array,
  classes: number,
  temperature = 1,
): Scores {
  const probabilities = softmax(logits, classes, temperature);
  return {
    accuracy: accuracy(probabilities, labels),
    ece: expectedCalibrationError(probabilities, labels),
    nll: negativeLogLikelihood(logits, labels, temperature),
    brier: brierScore(probabilities, labels),
  };
}
