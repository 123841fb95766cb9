import {
  accuracy,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  softmax,
} from '@label-relaxation/metrics';
import type { Dataset } from '@label-relaxation/data';
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

/** The labels of some examples, in the order of their numbers. */
export function labelsOf({ labels }: Dataset, indices: Int32Array): Uint8Array {
  return Uint8Array.from(indices, (index) => labels[index] as number);
}
