const digitBits = 11;
const digits = 1 << digitBits;

/**
 * The numbers of the values in ascending order, equal values in the order they have: a radix sort over the bits of
 * float64, which turns into integers of the same order by flipping the sign bit, or all bits of a negative number.
 */
export function sortedOrder(values: Float64Array): Uint32Array {
  const size = values.length;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * size);
  const low = new Uint32Array(size);
  const high = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const top = words[2 * i + 1] as number;
    const negative = top >>> 31 !== 0;
    low[i] = negative ? ~(words[2 * i] as number) : (words[2 * i] as number);
    high[i] = negative ? ~top : top ^ 0x80000000;
  }
  let order = Uint32Array.from({ length: size }, (_, i) => i);
  let spare = new Uint32Array(size);
  for (const [keys, shift] of [
    [low, 0],
    [low, digitBits],
    [low, 2 * digitBits],
    [high, 0],
    [high, digitBits],
    [high, 2 * digitBits],
  ] as const) {
    if (!sortByDigit(keys, shift, order, spare)) continue;
    [order, spare] = [spare, order];
  }
  return order;
}

/** Writes `order` sorted by a digit of its keys into `sorted`; false, and nothing is written, where all have one digit. */
function sortByDigit(keys: Uint32Array, shift: number, order: Uint32Array, sorted: Uint32Array): boolean {
  const places = new Uint32Array(digits);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & (digits - 1);
    places[digit] = (places[digit] as number) + 1;
  }
  if (keys.length === 0 || places[((keys[0] as number) >>> shift) & (digits - 1)] === keys.length)
    return false;
  let place = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = places[digit] as number;
    places[digit] = place;
    place += count;
  }
  for (let i = 0; i < order.length; i++) {
    const number = order[i] as number;
    const digit = ((keys[number] as number) >>> shift) & (digits - 1);
    sorted[places[digit] as number] = number;
    places[digit] = (places[digit] as number) + 1;
  }
  return true;
}
