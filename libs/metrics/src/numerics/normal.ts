/** Chance that a standard normal variable exceeds z, to full precision in both tails. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  return z < 2.5 ? 0.5 - centre(z) : continuedFraction(z);
}

/** Chance that a standard normal variable lies between 0 and z: the series z + z^3/3 + z^5/(3 5) + ... times the density. */
function centre(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * Number.EPSILON; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return density(z) * sum;
}

/** Laplace's continued fraction 1 / (z + 1 / (z + 2 / (z + ...))) times the density, from its far end. */
function continuedFraction(z: number): number {
  let fraction = z;
  for (let k = 200; k > 0; k--) fraction = z + k / fraction;
  return density(z) / fraction;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** The z below which a standard normal variable lies with the given chance: Newton's method with Halley's correction. */
export function normalQuantile(chance: number): number {
  if (chance <= 0) return -Infinity;
  if (chance >= 1) return Infinity;
  if (chance > 0.5) return -normalQuantile(1 - chance);
  // Below 0: from the tail's leading term, where it is one, else from the middle.
  let z = chance < 0.1 ? -Math.sqrt(-2 * Math.log(chance * Math.sqrt(-4 * Math.PI * Math.log(chance)))) : 0;
  for (let iteration = 0; iteration < 50; iteration++) {
    const step = (normalTail(-z) - chance) / density(z);
    const change = step / (1 + (z * step) / 2);
    z -= change;
    if (Math.abs(change) <= 4 * Number.EPSILON * Math.abs(z)) break;
  }
  return z;
}
