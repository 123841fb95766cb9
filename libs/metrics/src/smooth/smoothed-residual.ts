import type { Events } from '../events/events';
import type { Counts } from '../measure/measure';
import { cosineSums } from '../numerics/cosine-sums';
import { addToMesh, heatSmoothed } from './heat-kernel';

/** Integrals of the positive and of the negative part of the smoothed residual: what is over- and what is underconfident. */
export interface SmoothedParts {
  readonly over: number;
  readonly under: number;
}

/**
 * The residual r(t) = mean over examples of K(t, c) (c - outcome), where K is the heat kernel of [0, 1]. Examples are put on a mesh
 * first, which adds at most a quarter of the mesh's squared width to sigma^2.
 */
export class SmoothedResidual {
  /** Mean of c - outcome: the integral of r for every sigma. */
  readonly mean: number;
  /** Mean of |c - outcome|, which the integral of |r| never exceeds. */
  readonly most: number;
  readonly #mesh: number;
  readonly #coefficients: Float64Array;

  constructor({ size, confidences, outcomes, weights }: Events, counts: Counts, mesh: number) {
    const mass = new Float64Array(mesh + 1);
    let total = 0;
    let sum = 0;
    let absolute = 0;
    for (let i = 0; i < size; i++) {
      const weight = (counts[i] as number) * (weights === null ? 1 : (weights[i] as number));
      const confidence = confidences[i] as number;
      const residual = weight * (confidence - (outcomes[i] as number));
      addToMesh(mass, confidence, residual);
      total += weight;
      sum += residual;
      absolute += Math.abs(residual);
    }
    this.mean = sum / total;
    this.most = absolute / total;
    this.#mesh = mesh;
    this.#coefficients = cosineSums(mass.map((value) => value / total));
  }

  /** Integrates the parts of r at a bandwidth, on a mesh that is fine beside it. */
  parts(sigma: number): SmoothedParts {
    const points = Math.min(this.#mesh, 2 ** Math.ceil(Math.log2(Math.max(64, 32 / sigma))));
    return integrateParts(heatSmoothed(this.#coefficients, sigma, points));
  }
}

/** Integrals over [0, 1] of the positive and the negative part of what joins equally spaced values by straight lines. */
function integrateParts(values: Float64Array): SmoothedParts {
  let over = 0;
  let under = 0;
  for (let i = 1; i < values.length; i++) {
    const left = values[i - 1] as number;
    const right = values[i] as number;
    const [low, high] = left < right ? [left, right] : [right, left];
    if (low >= 0) over += (low + high) / 2;
    else if (high <= 0) under -= (low + high) / 2;
    else {
      over += (high * high) / (2 * (high - low));
      under += (low * low) / (2 * (high - low));
    }
  }
  return { over: over / (values.length - 1), under: under / (values.length - 1) };
}
