import {
  accuracy,
  brierScore,
  expectedCalibrationError,
  negativeLogLikelihood,
  softmax,
} from '@label-relaxation/metrics';
import type { Dataset, Labels } from '@label-relaxation/data';
import type { Scores } from './result';

/** Accuracy and calibration of logits, [examples, classes] row by row, at a temperature. */
export function scoreLogits(logits: Float32Array, labels: Labels, classes: number, temperature = 1): Scores {
  const probabilities = softmax(logits, classes, temperature);
  return {
    accuracy: accuracy(probabilities, labels),
    ece: expectedCalibrationError(probabilities, labels),
    nll: negativeLogLikelihood(logits, labels, temperature),
    brier: brierScore(probabilities, labels),
  };
}

/** The labels of some examples, in the order of their numbers. */
export function labelsOf({ labels }: Dataset, indices: Int32Array): Labels {
  const labelOf = (index: number) => labels[index] as number;
  return labels instanceof Uint8Array
    ? Uint8Array.from(indices, labelOf)
    : Uint16Array.from(indices, labelOf);
}
