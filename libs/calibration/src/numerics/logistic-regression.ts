import { factorise, solveFactorised } from './cholesky';
import { exponential } from './exponential';

/** So small a ridge that it only keeps the coefficients of separable examples finite. */
const ridge = 1e-7;

/** Binary logistic regression: features in columns, targets in [0, 1], weights or none. */
export interface LogisticProblem {
  readonly columns: readonly Float64Array[];
  readonly targets: Float64Array;
  readonly weights: Float64Array | null;
}

interface Look {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** Mean loss, gradient and Hessian of coefficients, the intercept last. */
function look({ columns, targets, weights }: LogisticProblem, coefficients: Float64Array): Look {
  const size = coefficients.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const features = new Float64Array(size).fill(1);
  let loss = 0;
  for (let example = 0; example < targets.length; example++) {
    let score = coefficients[size - 1] as number;
    for (let i = 0; i < size - 1; i++) {
      features[i] = (columns[i] as Float64Array)[example] as number;
      score += (coefficients[i] as number) * (features[i] as number);
    }
    const target = targets[example] as number;
    const weight = (weights === null ? 1 : (weights[example] as number)) / targets.length;
    const tail = exponential(-Math.abs(score));
    const probability = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
    loss += weight * (Math.max(score, 0) - target * score + Math.log(1 + tail));
    const residual = weight * (probability - target);
    const curvature = (weight * tail) / ((1 + tail) * (1 + tail));
    for (let i = 0; i < size; i++) {
      const feature = features[i] as number;
      gradient[i] = (gradient[i] as number) + residual * feature;
      for (let j = 0; j <= i; j++) {
        hessian[i * size + j] =
          (hessian[i * size + j] as number) + curvature * feature * (features[j] as number);
      }
    }
  }
  for (let i = 0; i < size; i++) {
    const coefficient = coefficients[i] as number;
    loss += 0.5 * ridge * coefficient * coefficient;
    gradient[i] = (gradient[i] as number) + ridge * coefficient;
    hessian[i * (size + 1)] = (hessian[i * (size + 1)] as number) + ridge;
  }
  return { loss, gradient, hessian };
}

/** Coefficients of maximum likelihood by Newton's method, with steps halved until they gain; the intercept is last. */
export function logisticRegression(problem: LogisticProblem): Float64Array {
  const size = problem.columns.length + 1;
  let coefficients = new Float64Array(size);
  let current = look(problem, coefficients);
  for (let iteration = 0; iteration < 100; iteration++) {
    const step = current.gradient.slice();
    if (!factorise(current.hessian, size)) break;
    solveFactorised(current.hessian, size, step);
    const gain = step.reduce((sum, value, i) => sum + value * (current.gradient[i] as number), 0);
    if (!(gain > 1e-15)) break;
    let length = 1;
    let next = coefficients;
    let found = current;
    for (; length > 1e-6; length /= 2) {
      next = coefficients.map((value, i) => value - length * (step[i] as number));
      found = look(problem, next);
      if (found.loss < current.loss) break;
    }
    if (!(found.loss < current.loss)) break;
    coefficients = next;
    current = found;
  }
  return coefficients;
}
