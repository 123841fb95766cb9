/** Numbers in [0, 1) that are the same each time (a 32-bit mixing of a counter). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Random logits with labels drawn from their softmax at the given temperature. */
export function randomPredictions(seed: number, examples: number, classes: number, temperature = 1) {
  const random = randomNumbers(seed);
  const logits = Float64Array.from({ length: examples * classes }, () => 6 * (random() - 0.5));
  const labels = Uint8Array.from({ length: examples }, (_, row) => {
    const weights = Array.from(logits.subarray(row * classes, (row + 1) * classes), (z) =>
      Math.exp(z / temperature),
    );
    let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = weights.findIndex((weight) => (rest -= weight) < 0);
    return drawn < 0 ? classes - 1 : drawn;
  });
  return { logits, labels };
}

/** The same examples in another order. */
export function permuted(seed: number, logits: Float64Array, labels: Uint8Array) {
  const random = randomNumbers(seed);
  const classes = logits.length / labels.length;
  const order = Array.from(labels, (_, row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
  return {
    logits: Float64Array.from(
      order.flatMap(({ row }) => Array.from(logits.subarray(row * classes, (row + 1) * classes))),
    ),
    labels: Uint8Array.from(order, ({ row }) => labels[row] as number),
  };
}
