import type { Labels, Numbers } from './inputs';
import { checkProbabilities } from './inputs';
import { argmax } from './rows';

/** The largest probability of each example, in the type of the input, and whether that class is the label. */
export interface TopLabel {
  readonly confidences: Float32Array | Float64Array;
  readonly correct: Uint8Array;
}

/** Reduces checked class probabilities to the event "the predicted class is right". */
export function topLabel(probabilities: Numbers, labels: Labels): TopLabel {
  const classes = checkProbabilities(probabilities, labels);
  const confidences =
    probabilities instanceof Float32Array ? new Float32Array(labels.length) : new Float64Array(labels.length);
  const correct = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const best = argmax(probabilities, row, classes);
    confidences[row] = probabilities[row * classes + best] as number;
    correct[row] = best === labels[row] ? 1 : 0;
  }
  return { confidences, correct };
}
