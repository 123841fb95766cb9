import { MetricsError } from '../errors';
import { readWeights } from '../inputs/check';
import { readMatrix } from '../inputs/matrix';
import type { Floats, Labels, Numbers, Predictions, Weighted } from '../inputs/types';
import { floatsLike } from '../inputs/types';
import { brierScore } from './brier';
import { stratifiedFolds } from './folds';
import { negativeLogLikelihood } from './log-loss';

/** Predictions with their labels, to fit a recalibration on. */
export type LabelledPredictions = Predictions & Weighted & { readonly labels: Labels };

/** Fits a recalibration on some examples; gives what makes probabilities, examples x classes, of others' predictions. */
export type Recalibrate = (examples: LabelledPredictions) => (predictions: Predictions) => Numbers;

/** Options of `refinement`. */
export interface RefinementOptions extends Weighted {
  /** The recalibration that stands for the best one. */
  readonly recalibrate: Recalibrate;
  /** Number of folds, 5 unless given, or the fold of each example, from 0. */
  readonly folds?: number | ArrayLike<number>;
  /** Whole number that the folds follow from; 0 unless given. */
  readonly seed?: number;
}

/** A loss and its parts: `total = calibration + refinement`. */
export interface LossSplit {
  readonly total: number;
  /** What recalibration takes off; below 0 where it does harm. */
  readonly calibration: number;
  /** What is left after recalibration: how well the model tells classes apart. */
  readonly refinement: number;
}

/** The rows of some examples. */
function selectRows(values: Floats, width: number, rows: readonly number[]): Floats {
  const selected = floatsLike(values, rows.length * width);
  rows.forEach((row, i) => selected.set(values.subarray(row * width, (row + 1) * width), i * width));
  return selected;
}

function foldsFor(labels: Labels, folds: number | ArrayLike<number>, seed: number): ArrayLike<number> {
  if (typeof folds === 'number') return stratifiedFolds(labels, folds, seed);
  if (folds.length !== labels.length) {
    throw new MetricsError(
      `${folds.length} folds for ${labels.length} labels: give the fold of each example`,
    );
  }
  if (new Set(Array.from(folds)).size < 2) {
    throw new MetricsError(
      'folds are all the same: a recalibration is fitted on other folds than it is tried on',
    );
  }
  return folds;
}

/**
 * Negative log-likelihood and Brier score split into calibration and refinement (Berta et al. 2025): refinement is the loss after the
 * best recalibration, calibration what that takes off. The recalibration is fitted on all folds but one and tried on that one, so
 * that it is not flattered by the examples that it was fitted on. With temperature scaling it is "TS-refinement", of which
 * `@label-relaxation/calibration` has the recalibration. As probmetrics; the folds are stratified by class and of our own drawing.
 *
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, values that are not finite, rows that are no distribution, labels out of range,
 *   folds that are too few or too many
 */
export function refinement(
  predictions: Predictions,
  labels: Labels,
  { recalibrate, folds = 5, seed = 0, weights }: RefinementOptions,
): { readonly nll: LossSplit; readonly brier: LossSplit } {
  const { kind, values, classes, examples } = readMatrix(predictions, labels);
  const read = readWeights(weights, examples);
  const options = read === null ? {} : { weights: read };
  const before = {
    nll: negativeLogLikelihood(predictions, labels, options),
    brier: brierScore(predictions, labels, options),
  };
  const foldOf = foldsFor(labels, folds, seed);
  const recalibrated = new Float64Array(values.length);
  for (const fold of new Set(Array.from(foldOf))) {
    const rows = Array.from({ length: examples }, (_, row) => row);
    const fitted = rows.filter((row) => foldOf[row] !== fold);
    const held = rows.filter((row) => foldOf[row] === fold);
    const transform = recalibrate({
      ...({ [kind]: selectRows(values, classes, fitted) } as unknown as Predictions),
      labels: Int32Array.from(fitted, (row) => labels[row] as number),
      ...(read === null ? {} : { weights: selectRows(read, 1, fitted) }),
    });
    const probabilities = transform({ [kind]: selectRows(values, classes, held) } as unknown as Predictions);
    if (probabilities.length !== held.length * classes) {
      throw new MetricsError(
        `the recalibration gave ${probabilities.length} values for ${held.length} examples of ${classes} classes`,
      );
    }
    held.forEach((row, i) => {
      for (let k = 0; k < classes; k++)
        recalibrated[row * classes + k] = probabilities[i * classes + k] as number;
    });
  }
  const after = { probabilities: recalibrated };
  const split = (total: number, left: number): LossSplit => ({
    total,
    calibration: total - left,
    refinement: left,
  });
  return {
    nll: split(before.nll, negativeLogLikelihood(after, labels, options)),
    brier: split(before.brier, brierScore(after, labels, options)),
  };
}
