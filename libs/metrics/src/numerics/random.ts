const { floor, imul } = Math;

/** Random whole numbers below 2^32. */
export type Random = () => number;

/** Mixes the bits of a 32-bit number (splitmix32's finaliser), so that neighbouring seeds have nothing in common. */
function mix(state: number): number {
  let mixed = imul(state ^ (state >>> 16), 0x21f0aaad);
  mixed = imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/**
 * The stream of random numbers that belongs to a seed and a number: xoshiro128** (Blackman and Vigna 2021). A resample has a
 * stream of its own, so that it is the same whichever thread draws it, and in whatever order.
 */
export function randomStream(seed: number, stream: number): Random {
  let state = mix(seed | 0) ^ imul(stream, 0x9e3779b9);
  const next = (): number => mix((state = (state + 0x9e3779b9) | 0)) | 0;
  let a = next();
  let b = next();
  let c = next();
  let d = next() | 1;
  return () => {
    const product = imul(b, 5);
    const result = imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}

/** A whole number from 0 to `below` - 1, all equally likely to 53 bits. */
export function randomBelow(random: Random, below: number): number {
  const share = ((random() >>> 5) * 2 ** 26 + (random() >>> 6)) / 2 ** 53;
  return floor(share * below);
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle(values: Uint32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = randomBelow(random, i + 1);
    const value = values[i] as number;
    values[i] = values[j] as number;
    values[j] = value;
  }
}
