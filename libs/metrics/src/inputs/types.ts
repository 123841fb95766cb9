/** Numbers in row-major order. A Float32Array is binned in float32 arithmetic, everything else in float64. */
export type Numbers = Float32Array | Float64Array | readonly number[];

/** Numbers in a typed array. */
export type Floats = Float32Array | Float64Array;

/**
 * Predictions of a classifier, examples x classes in row-major order, of the kind that their name says: nothing is guessed from
 * the values.
 */
export type Predictions = { readonly probabilities: Numbers } | { readonly logits: Numbers };

/**
 * Predictions of one event: its probability for each example. For a binary classifier give the positive class's; for a
 * confidence of any kind, that of being right.
 */
export interface EventPredictions {
  readonly event: Numbers;
}

/** Class numbers, one per example, from 0. */
export type Labels = ArrayLike<number>;

/** A distribution over the classes for each example, examples x classes in row-major order: shares of annotators, say. */
export interface SoftLabels {
  readonly distributions: Numbers;
  readonly classes: number;
}

/** Whether an event happened, example by example: 0 or 1, false or true, or how often of several times, in [0, 1]. */
export type Outcomes = ArrayLike<number | boolean>;

/** What predictions are measured against: labels or soft labels of classes, outcomes of an event. */
export type Targets = Labels | SoftLabels | Outcomes;

/** Option of everything that is measured. */
export interface Weighted {
  /**
   * What each example counts, 0 or more; all the same unless given. Only their proportions matter: an example of twice the mean
   * weight counts as two.
   */
  readonly weights?: Numbers;
}

/** A typed array with the same numbers: the given one, if it is one. */
export function floatsOf(numbers: Numbers): Floats {
  return numbers instanceof Float32Array || numbers instanceof Float64Array
    ? numbers
    : Float64Array.from(numbers);
}

/** An empty typed array of the same type. */
export function floatsLike(values: Floats, length: number): Floats {
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
