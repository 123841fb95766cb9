import { exponential } from '../numerics/exponential';
import { logisticRegression } from '../numerics/logistic-regression';
import type { BinaryMethod, Events } from './one-vs-rest';
import { oneVsRest } from './one-vs-rest';

/** 1 / (1 + exp(-(slope x + intercept))), where x = ln(p / (1 - p)). */
export interface PlattMap {
  readonly slope: number;
  readonly intercept: number;
}

/** ln p and ln(1 - p), where p is kept as far from 0 and 1 as float64 can tell, as in betacal. */
export function logarithms(probability: number): [number, number] {
  const kept = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
  return [Math.log(kept), Math.log1p(-kept)];
}

/** The logistic function. */
export function sigmoid(score: number): number {
  const tail = exponential(-Math.abs(score));
  return score >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
}

function fit({ probabilities, outcomes, weights }: Events): PlattMap {
  let positive = 0;
  let total = 0;
  outcomes.forEach((outcome, i) => {
    const weight = weights?.[i] ?? 1;
    positive += weight * outcome;
    total += weight;
  });
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (total - positive + 2);
  const [slope, intercept] = logisticRegression({
    columns: [probabilities.map((probability) => logOdds(probability))],
    targets: Float64Array.from(outcomes, (outcome) => (outcome === 1 ? high : low)),
    weights,
  });
  return { slope: slope as number, intercept: intercept as number };
}

function logOdds(probability: number): number {
  const [yes, no] = logarithms(probability);
  return yes - no;
}

const binary: BinaryMethod<PlattMap, object> = {
  fit,
  apply: ({ slope, intercept }, probability) => sigmoid(slope * logOdds(probability) + intercept),
  read: (json) => ({ slope: json.number('slope'), intercept: json.number('intercept') }),
};

/**
 * Platt scaling (Platt 1999) of log-odds: a logistic function by maximum likelihood, with Platt's targets
 * (N+ + 1) / (N+ + 2) and 1 / (N- + 2), as in scikit-learn's `sigmoid`, which takes them from whatever scores it is given.
 */
export const platt = oneVsRest('Platt scaling', binary);
