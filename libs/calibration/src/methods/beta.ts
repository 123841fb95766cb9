import { logisticRegression } from '../numerics/logistic-regression';
import type { BinaryMethod, Events } from './one-vs-rest';
import { oneVsRest } from './one-vs-rest';
import { logarithms, sigmoid } from './platt';

/** 1 / (1 + exp(-(a ln p - b ln(1 - p) + c))). */
export interface BetaMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function fit({ probabilities, outcomes, weights }: Events): BetaMap {
  const yes = new Float64Array(probabilities.length);
  const no = new Float64Array(probabilities.length);
  probabilities.forEach((probability, i) => {
    const [first, second] = logarithms(probability);
    yes[i] = first;
    no[i] = -second;
  });
  const solve = (...columns: Float64Array[]) => [
    ...logisticRegression({ columns, targets: Float64Array.from(outcomes), weights }),
  ];
  const [a = 0, b = 0, c = 0] = solve(yes, no);
  if (a < 0) {
    const [slope = 0, intercept = 0] = solve(no);
    return { a: 0, b: Math.max(0, slope), c: slope < 0 ? baseOdds(outcomes, weights) : intercept };
  }
  if (b < 0) {
    const [slope = 0, intercept = 0] = solve(yes);
    return { a: Math.max(0, slope), b: 0, c: slope < 0 ? baseOdds(outcomes, weights) : intercept };
  }
  return { a, b, c };
}

/** Log-odds of the event itself. */
function baseOdds(outcomes: Uint8Array, weights: Float64Array | null): number {
  let [positive, negative] = [0, 0];
  outcomes.forEach((outcome, i) => {
    const weight = weights?.[i] ?? 1;
    if (outcome === 1) positive += weight;
    else negative += weight;
  });
  return Math.log(positive / negative);
}

const binary: BinaryMethod<BetaMap, object> = {
  fit,
  apply: ({ a, b, c }, probability) => {
    const [yes, no] = logarithms(probability);
    return sigmoid(a * yes - b * no + c);
  },
  read: (json) => ({ a: json.number('a'), b: json.number('b'), c: json.number('c') }),
};

/**
 * Beta calibration with three parameters (Kull et al. 2017), which contains the identity: a and b are not negative, so
 * that the map ascends; one that would be is 0 and the other is fitted anew, as in betacal.
 */
export const beta = oneVsRest('beta calibration', binary);
