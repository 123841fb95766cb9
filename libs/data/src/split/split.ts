import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { DataError } from '../errors';
import { MersenneTwister } from './mersenne-twister';

/** The share of the training part that is held out to choose a temperature. */
export const scalingShare = 0.15;
/** The share of the training part that becomes validation data. */
export const validationShare = 0.25;

export interface SplitOptions {
  /** Number of examples. */
  readonly size: number;
  /** Share of the examples that is held out for testing, between 0 and 1. */
  readonly testShare: number;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Train on all that is not held out, without validation data. */
  readonly testRun: boolean;
  /** Hold out 15% of the training part to choose a temperature. */
  readonly tempScaling: boolean;
}

/** The parts of a dataset as example numbers (positions in the stacked data), each in its own random order. */
export interface Split {
  readonly train: Int32Array;
  /** Null in a test run. */
  readonly validation: Int32Array | null;
  /** Null without temperature scaling. */
  readonly scaling: Int32Array | null;
  readonly test: Int32Array;
}

/**
 * Splits a dataset as the study does: the test part, then with `tempScaling` 15% of what is left, then without
 * `testRun` 25% of what is left, each by `trainTestSplit` with the same seed.
 *
 * @throws DataError for a seed or share that cannot be used, or if a part would be empty.
 */
export function splitDataset({ size, testShare, seed, testRun, tempScaling }: SplitOptions): Split {
  const all = Int32Array.from({ length: size }, (_, i) => i);
  const held = trainTestSplit(all, testShare, seed);
  let train = held.train;
  let scaling: Int32Array | null = null;
  let validation: Int32Array | null = null;
  if (tempScaling) {
    ({ train, test: scaling } = trainTestSplit(train, scalingShare, seed));
  }
  if (!testRun) {
    ({ train, test: validation } = trainTestSplit(train, validationShare, seed));
  }
  return { train, validation, scaling, test: held.test };
}

/**
 * Splits examples at random in two, equal to scikit-learn's
 * `train_test_split(examples, test_size=testShare, random_state=seed, shuffle=True)`, example by example.
 *
 * @throws DataError for a seed or share that cannot be used, or if a part would be empty.
 */
export function trainTestSplit(
  examples: Int32Array,
  testShare: number,
  seed: number,
): { train: Int32Array; test: Int32Array } {
  if (!(testShare > 0 && testShare < 1)) {
    throw new DataError(`The share ${testShare} cannot be split off: give a number between 0 and 1.`);
  }
  const size = examples.length;
  const testSize = Math.ceil(testShare * size);
  if (testSize === 0 || testSize === size) {
    throw new DataError(
      `${size} example${size === 1 ? '' : 's'} cannot be split with a share of ${testShare}: ` +
        'one part would be empty; use more data.',
    );
  }
  const shuffled = new MersenneTwister(seed).permutation(size).map((position) => examples[position]!);
  return { train: shuffled.subarray(testSize), test: shuffled.subarray(0, testSize) };
}

/** SHA-256, in hexadecimal, of example numbers as little-endian int32. */
export function hashIndices(indices: Int32Array): string {
  const bytes = Buffer.from(indices.buffer, indices.byteOffset, indices.byteLength);
  return createHash('sha256')
    .update(endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32())
    .digest('hex');
}
