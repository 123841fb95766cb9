import type { PiecewiseLinear } from '../numerics/isotonic-regression';
import { groupByScore, interpolate, isotonicRegression } from '../numerics/isotonic-regression';
import type { BinaryMethod } from './one-vs-rest';
import { oneVsRest } from './one-vs-rest';

/** Scores that differ by no more are equal but for rounding, as in scikit-learn. */
const rounding = 1e-15;

const binary: BinaryMethod<PiecewiseLinear, object> = {
  fit: ({ probabilities, outcomes, weights }) =>
    isotonicRegression(groupByScore(probabilities, outcomes, weights, rounding)),
  apply: interpolate,
  read: (json) => {
    const x = json.ascending('x');
    return { x, y: json.numbers('y', x.length) };
  },
};

/** Isotonic regression (Zadrozny & Elkan 2002), exact, joined by straight lines as in scikit-learn. */
export const isotonic = oneVsRest('isotonic regression', binary);
