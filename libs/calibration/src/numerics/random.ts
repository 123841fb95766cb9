/** A number in (0, 1) that depends on a seed and a position alone: two rounds of a 32-bit mixing of both. */
export function randomAt(seed: number, position: number): number {
  const high = mix(mix(seed >>> 0) ^ position);
  const low = mix(high ^ 0x9e3779b9);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 53;
}

/** An invertible mixing of 32 bits (constants of Evensen's search for low bias). */
function mix(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
