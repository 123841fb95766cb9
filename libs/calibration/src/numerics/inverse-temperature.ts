import type { Examples } from '../inputs';
import { logitsOf } from '../inputs';
import type { Values } from '../inputs';
import { exponential } from './exponential';

/** Examples x classes that a first search looks at, where there are many more. */
const sampledValues = 500_000;

/** Derivatives of the mean negative log-likelihood in b = 1/T: the slope, the curvature and its slope. */
interface Derivatives {
  readonly slope: number;
  readonly curvature: number;
  readonly third: number;
}

/** Logits with what the likelihood needs of their examples; every `stride`-th example is looked at. */
interface Likelihood extends Pick<Examples, 'classes' | 'size' | 'labels' | 'weights'> {
  readonly logits: Values;
  readonly stride: number;
}

/** E_p[z] - z_y, Var_p[z] and the third central moment of z under p = softmax(b z), averaged over examples. */
function derivatives(likelihood: Likelihood, inverse: number): Derivatives {
  const { logits, classes, size, labels, weights, stride } = likelihood;
  let slope = 0;
  let curvature = 0;
  let third = 0;
  let total = 0;
  for (let row = 0; row < size; row += stride) {
    const start = row * classes;
    let maximum = logits[start] as number;
    for (let k = start + 1; k < start + classes; k++) {
      if ((logits[k] as number) > maximum) maximum = logits[k] as number;
    }
    let sum = 0;
    let first = 0;
    let second = 0;
    let cubes = 0;
    for (let k = start; k < start + classes; k++) {
      const distance = (logits[k] as number) - maximum;
      const share = exponential(inverse * distance);
      const moment = share * distance;
      sum += share;
      first += moment;
      second += moment * distance;
      cubes += moment * distance * distance;
    }
    const weight = weights === null ? 1 : (weights[row] as number);
    const mean = first / sum;
    const variance = second / sum - mean * mean;
    slope += weight * (mean - ((logits[start + (labels[row] as number)] as number) - maximum));
    curvature += weight * variance;
    third += weight * (cubes / sum - mean * (3 * variance + mean * mean));
    total += weight;
  }
  if (total === 0) return { slope: 0, curvature: 0, third: 0 };
  return { slope: slope / total, curvature: curvature / total, third: third / total };
}

/**
 * The b of least likelihood loss within bounds: Halley's method on the slope, which grows with b, kept inside a bracket
 * that each look narrows. Where no b is better than another, it is `start`.
 */
function search(likelihood: Likelihood, start: number, [lowest, highest]: readonly [number, number]): number {
  let low = 0;
  let high = Infinity;
  let inverse = start;
  for (let look = 0; look < 200; look++) {
    const { slope, curvature, third } = derivatives(likelihood, inverse);
    if (slope === 0) break;
    if (slope < 0) low = inverse;
    else high = inverse;
    if (low >= highest || high <= lowest || high - low <= 4 * Number.EPSILON * inverse) break;
    const newton = slope / curvature;
    const step = newton / Math.max(0.5, 1 - (newton * third) / (2 * curvature));
    // Each step cubes the distance that is left, in units of the curvature's own scale.
    const last = Math.abs(step) <= 1e-6 * inverse && Math.abs(step * third) <= 1e-5 * curvature;
    let next = inverse - step;
    if (!last && !(next > low && next < high)) {
      next = low === 0 ? lowest : high === Infinity ? highest : (low + high) / 2;
    }
    inverse = Math.min(highest, Math.max(lowest, next));
    if (last) break;
  }
  return inverse;
}

/**
 * The inverse temperature within bounds that minimises the mean negative log-likelihood, which is convex in it. Of many
 * examples a part is searched first, so that few looks at all of them are left.
 */
export function fitInverseTemperature(examples: Examples, bounds: readonly [number, number]): number {
  const { classes, size, labels, weights } = examples;
  const logits = logitsOf(examples);
  const likelihood = { logits, classes, size, labels, weights, stride: 1 };
  const stride = Math.floor((size * classes) / sampledValues);
  const start = stride < 4 ? 1 : search({ ...likelihood, stride }, 1, bounds);
  return search(likelihood, start, bounds);
}
