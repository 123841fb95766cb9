import type { Floats } from '../inputs/types';

const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Numbers of the examples from the smallest value to the largest, equal ones in the order of the data: a radix sort by digits of
 * 11 bits, which leaves out digits that are the same everywhere. The values must not be negative or NaN.
 */
export function ascendingOrder(values: Floats): Uint32Array {
  const { length } = values;
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let nextOrder = new Uint32Array(length);
  let keys = new Uint32Array(length);
  let nextKeys = new Uint32Array(length);
  const counts = new Uint32Array(digits);
  for (const word of wordsOf(values)) {
    for (let i = 0; i < length; i++) keys[i] = word[order[i] as number] as number;
    for (let shift = 0; shift < 32; shift += digitBits) {
      countDigits(keys, shift, counts);
      if (counts.includes(length)) continue;
      startPlaces(counts);
      for (let i = 0; i < length; i++) {
        const key = keys[i] as number;
        const digit = (key >>> shift) & (digits - 1);
        const place = counts[digit] as number;
        counts[digit] = place + 1;
        nextOrder[place] = order[i] as number;
        nextKeys[place] = key;
      }
      [order, nextOrder] = [nextOrder, order];
      [keys, nextKeys] = [nextKeys, keys];
    }
  }
  return order;
}

function countDigits(keys: Uint32Array, shift: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & (digits - 1);
    counts[digit] = (counts[digit] as number) + 1;
  }
}

/** Makes of the number of each digit the place of its first. */
function startPlaces(counts: Uint32Array): void {
  let before = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = counts[digit] as number;
    counts[digit] = before;
    before += count;
  }
}

/**
 * The bits of the values, which order numbers of at least 0 as the numbers themselves; the lower words first. The sum with 0
 * makes 0 of -0.
 */
function* wordsOf(values: Floats): Generator<Uint32Array> {
  if (values instanceof Float32Array) {
    const single = values.slice();
    for (let i = 0; i < single.length; i++) single[i] = (single[i] as number) + 0;
    yield new Uint32Array(single.buffer);
    return;
  }
  const word = new Uint32Array(values.length);
  const bits = new DataView(new ArrayBuffer(8));
  for (const offset of [4, 0]) {
    for (let i = 0; i < values.length; i++) {
      bits.setFloat64(0, (values[i] as number) + 0);
      word[i] = bits.getUint32(offset);
    }
    yield word;
  }
}
