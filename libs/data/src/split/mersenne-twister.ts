import { DataError } from '../errors';

const length = 624;
const shift = 397;
const upperBit = 0x80000000;
const lowerBits = 0x7fffffff;

/**
 * The Mersenne Twister MT19937 (Matsumoto & Nishimura 1998), with the seeding and the shuffle of
 * `numpy.random.RandomState`: the same seed gives the same numbers as there.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(length);
  private next = length;

  /**
   * @param seed a whole number from 0 to 2^32 - 1, or several of them.
   * @throws DataError for any other seed.
   */
  constructor(seed: number | readonly number[]) {
    if (typeof seed === 'number') {
      this.seedWithNumber(checkSeed(seed));
    } else {
      if (seed.length === 0) {
        throw new DataError('A list of seeds must hold at least one.');
      }
      this.seedWithKey(seed.map(checkSeed));
    }
  }

  /** The next 32 random bits, as a whole number from 0 to 2^32 - 1. */
  uint32(): number {
    if (this.next === length) {
      this.refill();
    }
    let y = this.state[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A number in [0, 1) with 53 random bits, as NumPy's `random_sample` draws it. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A whole number from 0 to `max` (at most 2^32 - 1), inclusive, by rejection of what the bit mask lets through. */
  interval(max: number): number {
    if (max === 0) {
      return 0;
    }
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do {
      value = (this.uint32() & mask) >>> 0;
    } while (value > max);
    return value;
  }

  /** Shuffles in place (Fisher-Yates from the end) and gives the same array back. */
  shuffle(values: Int32Array): Int32Array {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.interval(i);
      const value = values[i]!;
      values[i] = values[j]!;
      values[j] = value;
    }
    return values;
  }

  /** The numbers from 0 to size - 1 in random order. */
  permutation(size: number): Int32Array {
    return this.shuffle(Int32Array.from({ length: size }, (_, i) => i));
  }

  private seedWithNumber(seed: number): void {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < length; i++) {
      state[i] = Math.imul(1812433253, mixed(state[i - 1]!)) + i;
    }
  }

  private seedWithKey(key: readonly number[]): void {
    this.seedWithNumber(19650218);
    const { state } = this;
    let i = 1;
    const step = () => {
      i++;
      if (i === length) {
        state[0] = state[length - 1]!;
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(length, key.length); k++) {
      const j = k % key.length;
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1664525)) + key[j]! + j;
      step();
    }
    for (let k = 1; k < length; k++) {
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1566083941)) - i;
      step();
    }
    state[0] = upperBit;
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < length; i++) {
      const y = (state[i]! & upperBit) | (state[(i + 1) % length]! & lowerBits);
      state[i] = state[(i + shift) % length]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}

function checkSeed(seed: number): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new DataError(`The seed ${seed} cannot be used: give a whole number from 0 to 4294967295.`);
  }
  return seed;
}
