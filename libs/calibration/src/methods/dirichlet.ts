import { CalibrationError } from '../errors';
import { foldsOf, logLoss } from '../folds';
import type { Examples, Rows } from '../inputs';
import { logitsOf } from '../inputs';
import type { JsonReader } from '../json-reader';
import { almostNoPenalty, fitRegression } from '../numerics/fit-regression';
import { applyAffine, asProbabilities } from './affine';
import type { Fitted, Method } from './method';
import { fewerThan } from './method';

/** Options of Dirichlet calibration. */
export interface DirichletOptions {
  /** The penalty off the diagonal; chosen by cross-validation unless given. */
  readonly lambda?: number;
  /** The penalty of the intercepts; that of lambda unless given. */
  readonly mu?: number;
}

/** softmax(W ln p + b). */
interface Dirichlet {
  /** W, [classes, classes] row by row. */
  readonly weights: readonly number[];
  readonly bias: readonly number[];
  readonly lambda: number;
  readonly mu: number;
}

/** A fitted Dirichlet calibration. */
export interface DirichletCalibrator extends Fitted, Dirichlet {
  readonly method: 'dirichlet';
}

const folds = 3;
/** Penalties that are tried, from strong to weak, as long as they gain. */
const strongest = 1e5;
const weakest = 1e-4;

/** ln p of predictions of either kind. */
function logarithmsOf(rows: Rows) {
  return { classes: rows.classes, size: rows.size, logits: logitsOf(asProbabilities(rows)), scale: 1 };
}

function fitOne(examples: Examples, lambda: number, mu: number): Dirichlet {
  const { classes } = examples;
  const { weights, bias } = fitRegression({
    ...examples,
    ...logarithmsOf(examples),
    penalties: {
      diagonal: almostNoPenalty.diagonal,
      offDiagonal: lambda / (classes * (classes - 1)),
      bias: mu / classes,
    },
  });
  return { weights: Array.from(weights), bias: Array.from(bias), lambda, mu };
}

/** The penalty of least negative log-likelihood on held-out folds, for both parts. */
function choosePenalty(examples: Examples): number {
  const parts = [...foldsOf(examples, folds, 0)];
  let best = strongest;
  let lowest = Infinity;
  for (let penalty = strongest; penalty >= weakest; penalty /= 10) {
    const loss = parts.reduce((sum, { fitted, heldOut }) => {
      const { weights, bias } = fitOne(fitted, penalty, penalty);
      return sum + logLoss(applyAffine(weights, bias, logarithmsOf(heldOut)), heldOut);
    }, 0);
    if (loss >= lowest) break;
    lowest = loss;
    best = penalty;
  }
  return best;
}

function fit(examples: Examples, { lambda, mu }: DirichletOptions): Dirichlet {
  for (const [name, penalty] of Object.entries({ lambda, mu })) {
    if (penalty !== undefined && !(penalty >= 0 && penalty < Infinity)) {
      throw new CalibrationError(`${name} is ${penalty}: a penalty is 0 or more`);
    }
  }
  const chosen = lambda ?? choosePenalty(examples);
  return fitOne(examples, chosen, mu ?? chosen);
}

/**
 * Dirichlet calibration (Kull et al. 2019): softmax(W ln p + b) by maximum likelihood with ODIR, the penalties
 * lambda / (k (k - 1)) on the squares off W's diagonal and mu / k on those of b. Logits are taken as the
 * probabilities that they give.
 */
export const dirichlet: Method<Dirichlet, DirichletOptions> = {
  refusal: (counts) => {
    const classes = counts.byClass.length;
    return fewerThan(2 * classes, `Dirichlet calibration of ${classes} classes`, counts);
  },
  fit,
  transform: ({ weights, bias }, rows) => applyAffine(weights, bias, logarithmsOf(rows)),
  read: (json: JsonReader, classes) => ({
    weights: json.numbers('weights', classes * classes),
    bias: json.numbers('bias', classes),
    lambda: json.number('lambda'),
    mu: json.number('mu'),
  }),
};
