import { cosineSums } from '../numerics/cosine-sums';

/**
 * Shares a mass at a place in [0, 1] out between its two neighbours of an even mesh, which keeps sums and means.
 *
 * @param mesh one more value than it has intervals
 */
export function addToMesh(mesh: Float64Array, place: number, mass: number): void {
  const intervals = mesh.length - 1;
  const position = Math.min(place, 1) * intervals;
  const below = Math.min(Math.floor(position), intervals - 1);
  const above = mass * (position - below);
  mesh[below]! += mass - above;
  mesh[below + 1]! += above;
}

/**
 * What a mesh of masses becomes when it is smoothed by a Gaussian reflected at 0 and 1 as often as it takes: the heat kernel
 * of [0, 1]. Cosines are its eigenfunctions, so that smoothing by sigma multiplies the k-th cosine's coefficient by
 * exp(-(pi k sigma)^2 / 2).
 *
 * @param coefficients `cosineSums` of the mesh
 * @param points intervals of the result, a power of two, no more than the mesh has
 */
export function heatSmoothed(coefficients: Float64Array, sigma: number, points: number): Float64Array {
  const damped = new Float64Array(points + 1);
  damped[0] = coefficients[0]!;
  for (let k = 1; k < points; k++) {
    const factor = Math.exp(-((Math.PI * k * sigma) ** 2) / 2);
    if (factor < Number.EPSILON) break;
    damped[k] = 2 * factor * coefficients[k]!;
  }
  return cosineSums(damped);
}
