import { factorise, solveFactorised } from './cholesky';
import type { MinimiseOptions } from './minimise';
import { minimise } from './minimise';
import { regressionHessian } from './regression-hessian';
import type { Penalties, Regression } from './softmax-regression';
import { countedWeight, parametersOfClass, penaltyOf, regressionObjective } from './softmax-regression';
import { softmaxRow } from './softmax-row';

/** Weights and biases of softmax(W s z + b), where s is the scale that the fit was given. */
export interface Coefficients {
  /** [classes, classes] row by row, or the diagonal alone. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** The most parameters whose Hessian is made and factored. */
const mostNewtonParameters = 500;
/** What is still to be gained, in nats, where a search among very many parameters ends. */
const coarse = 1e-10;
/** Examples that a Hessian is made of, where there are many: as few as it takes to lead the search well. */
const sampled = 10_000;

/**
 * Fits a multinomial regression by L-BFGS. Few parameters: first on a part of the examples, whose Hessian then leads
 * the search on all of them, so that a handful of looks at all is left. Many: from the best diagonal, led by the
 * Hessian's diagonal.
 */
export function fitRegression(
  regression: Omit<Regression, 'stride'>,
  search: Pick<MinimiseOptions, 'tolerance' | 'iterations'> = {},
): Coefficients {
  const all = { ...regression, stride: 1 };
  const { classes } = all;
  const width = parametersOfClass(all);
  const found = classes * width <= mostNewtonParameters ? byNewton(all, search) : byDiagonal(all, search);
  const weights = new Float64Array(classes * (width - 1));
  const bias = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    weights.set(found.subarray(k * width, (k + 1) * width - 1), k * (width - 1));
    bias[k] = found[(k + 1) * width - 1] as number;
  }
  const step = width === 2 ? 1 : classes + 1;
  for (let i = 0; i < weights.length; i += step) weights[i] = (weights[i] as number) + 1;
  return { weights, bias };
}

function byNewton(all: Regression, search: MinimiseOptions): Float64Array {
  const stride = Math.max(1, Math.floor(all.size / sampled));
  const part = { ...all, stride };
  let point: Float64Array = new Float64Array(all.classes * parametersOfClass(all));
  let precondition = newtonStep(part, point);
  if (stride > 1 && countedWeight(part) > 0) {
    point = minimise(regressionObjective(part), point, { ...search, precondition, tolerance: 1e-8 });
    precondition = newtonStep(part, point);
  }
  return minimise(regressionObjective(all), point, { ...search, precondition });
}

function newtonStep(regression: Regression, point: Float64Array): (vector: Float64Array) => void {
  const hessian = regressionHessian(regression, point);
  const size = point.length;
  // Directions in which nothing is known, such as of a class that no example is near, are left to the gradient.
  for (let i = 0; i < size; i++) hessian[i * (size + 1)] = (hessian[i * (size + 1)] as number) + 1e-9;
  if (!factorise(hessian, size)) return () => undefined;
  return (vector) => solveFactorised(hessian, size, vector);
}

function byDiagonal(all: Regression, search: MinimiseOptions): Float64Array {
  const { classes, penalties } = all;
  const width = parametersOfClass(all);
  const point = new Float64Array(classes * width);
  if (penalties.offDiagonal !== null) {
    const { weights, bias } = fitRegression(
      { ...all, penalties: { ...penalties, offDiagonal: null } },
      search,
    );
    for (let k = 0; k < classes; k++) {
      point[k * width + k] = (weights[k] as number) - 1;
      point[k * width + classes] = bias[k] as number;
    }
  }
  const curvature = hessianDiagonal(all, point);
  const precondition = (vector: Float64Array): void => {
    for (let i = 0; i < point.length; i++) vector[i] = (vector[i] as number) / (curvature[i] as number);
  };
  return minimise(regressionObjective(all), point, { tolerance: coarse, ...search, precondition });
}

/** The Hessian's diagonal on a part of the examples: the mean of p (1 - p) x^2, and the penalties. */
function hessianDiagonal(all: Regression, point: Float64Array): Float64Array {
  const { logits, scale, classes, size, weights } = all;
  const width = parametersOfClass(all);
  const stride = Math.max(1, Math.floor(size / sampled));
  const total = countedWeight({ ...all, stride }) || 1;
  const diagonal = penaltyOf(all).map((penalty) => 2 * penalty + 1e-9);
  const squares = new Float64Array(classes);
  const probabilities = new Float64Array(classes);
  for (let example = 0; example < size; example += stride) {
    for (let k = 0; k < classes; k++) {
      const value = scale * (logits[example * classes + k] as number);
      squares[k] = value * value;
      const own = point[k * width + (width === 2 ? 0 : k)] as number;
      probabilities[k] = value * (1 + own) + (point[(k + 1) * width - 1] as number);
    }
    softmaxRow(probabilities, 0, classes);
    const weight = (weights === null ? 1 : (weights[example] as number)) / total;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[k] as number;
      const variance = weight * p * (1 - p);
      const bias = (k + 1) * width - 1;
      diagonal[bias] = (diagonal[bias] as number) + variance;
      for (let a = k * width; a < bias; a++) {
        diagonal[a] =
          (diagonal[a] as number) + variance * (squares[width === 2 ? k : a - k * width] as number);
      }
    }
  }
  return diagonal;
}

/** Penalties so small that they only keep a fit of separable examples finite. */
export const almostNoPenalty: Penalties = { diagonal: 1e-7, offDiagonal: 1e-7, bias: 1e-7 };
