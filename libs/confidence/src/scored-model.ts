import type { Binning, Labels } from '@label-relaxation/metrics';
import { softmax } from '@label-relaxation/metrics';

/** A model's predictions for examples whose classes are known. */
export interface ScoredModel {
  /** What it is called in headings and legends. */
  readonly name: string;
  /** [examples, classes] row by row, finite. Logarithms of probabilities are logits, too. */
  readonly logits: Float32Array | Float64Array;
  /** Class numbers from 0. */
  readonly labels: Labels;
  readonly classNames: readonly string[];
  /** What the examples are called; their places unless given. */
  readonly numbers?: ArrayLike<number>;
}

/** What the reader of a page chooses. */
export interface Settings {
  /** What logits are divided by. */
  readonly temperature: number;
  readonly bins: number;
  readonly binning: Binning;
  /** The share of the examples that are decided, and that prediction sets should be right on. */
  readonly coverage: number;
}

/** The settings that a page begins with. */
export const defaultSettings: Settings = { temperature: 1, bins: 15, binning: 'equal_width', coverage: 0.9 };

/** What probabilities of 0 count as, so that their logarithms are finite. */
const least = 1e-30;

/** Logits that probabilities follow from, such as those of a calibrator: their logarithms. */
export function logarithms(probabilities: Float64Array): Float64Array {
  return probabilities.map((p) => Math.log(Math.max(p, least)));
}

/** Examples, without what a model says of them. */
export type Labelled = Pick<ScoredModel, 'labels' | 'classNames'>;

/** What all parts of a page need of a model's predictions. */
export interface Predicted<M extends Labelled = ScoredModel> {
  readonly model: M;
  readonly classes: number;
  /** [examples, classes] */
  readonly probabilities: Float64Array;
  /** The most probable class of each example, its probability, and whether it is the right one. */
  readonly predicted: Uint32Array;
  readonly confidences: Float64Array;
  readonly isRight: Uint8Array;
}

/** A model's predictions at a temperature. Throws a MetricsError for what are no logits. */
export function predict(model: ScoredModel, temperature: number): Predicted {
  return predictedBy(model, softmax(model.logits, model.classNames.length, temperature));
}

/** The predictions that probabilities, [examples, classes], are. */
export function predictedBy<M extends Labelled>(model: M, probabilities: Float64Array): Predicted<M> {
  const { labels, classNames } = model;
  const classes = classNames.length;
  const examples = labels.length;
  const predicted = new Uint32Array(examples);
  const confidences = new Float64Array(examples);
  const isRight = new Uint8Array(examples);
  for (let row = 0; row < examples; row++) {
    const start = row * classes;
    let best = 0;
    for (let k = 1; k < classes; k++) if (probabilities[start + k]! > probabilities[start + best]!) best = k;
    predicted[row] = best;
    confidences[row] = probabilities[start + best]!;
    isRight[row] = best === labels[row] ? 1 : 0;
  }
  return { model, classes, probabilities, predicted, confidences, isRight };
}
