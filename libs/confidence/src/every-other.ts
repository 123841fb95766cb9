/** Rows of values, [examples, classes], with their labels. */
interface LabelledRows<V> {
  readonly values: V;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** Every other row, from the first or the second on, in arrays of its own; `numbers` are those of the rows. */
export function everyOther<V extends Float32Array | Float64Array>(
  { values, labels, classes }: LabelledRows<V>,
  first: 0 | 1,
): { values: V; labels: Uint32Array; numbers: Int32Array } {
  const size = Math.floor((labels.length - first + 1) / 2);
  const numbers = Int32Array.from({ length: size }, (_, i) => 2 * i + first);
  const kept = values.slice(0, size * classes) as V;
  numbers.forEach((row, i) => kept.set(values.subarray(row * classes, (row + 1) * classes), i * classes));
  return { values: kept, labels: Uint32Array.from(numbers, (row) => labels[row]!), numbers };
}
