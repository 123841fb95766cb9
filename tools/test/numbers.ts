/** A small, steady source of numbers in [0, 1): the Park-Miller generator. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
