import { createHash } from 'node:crypto';
import type { Labels, Parts } from '../dataset';
import { DataError } from '../errors';
import { littleEndian } from '../little-endian';
import { MersenneTwister } from './mersenne-twister';
import { stratifiedPositions } from './stratify';

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
  /** The parts that the set's authors made: what `keepParts` keeps. */
  readonly parts?: Parts;
  /** Keep those parts in place of stacking all and splitting anew. */
  readonly keepParts?: boolean;
  /** The class of each example: what `stratify` goes by. */
  readonly labels?: Labels;
  /** Give each class its share in each part that is split off. */
  readonly stratify?: boolean;
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
 * With `keepParts` the authors' test part and validation part are taken where there are such, in their own order; a
 * test run trains on the validation part, too.
 *
 * @throws DataError for a seed or share that cannot be used, if a part would be empty, or if there are no parts to keep.
 */
export function splitDataset(options: SplitOptions): Split {
  const { seed, testRun, tempScaling, testShare, stratify, labels } = options;
  const by = stratify ? labels : undefined;
  const own: OwnParts = options.keepParts ? ownParts(options) : { train: upTo(0, options.size) };
  let { train, test } = own;
  let validation = own.validation ?? null;
  let scaling: Int32Array | null = null;
  if (!test) ({ train, test } = trainTestSplit(train, testShare, seed, by));
  if (tempScaling) {
    ({ train, test: scaling } = trainTestSplit(train, scalingShare, seed, by));
  }
  if (testRun) {
    if (validation) train = joined(train, validation);
    validation = null;
  } else if (!validation) {
    ({ train, test: validation } = trainTestSplit(train, validationShare, seed, by));
  }
  return { train, validation, scaling, test };
}

/** What the authors of a set made of it. */
interface OwnParts {
  readonly train: Int32Array;
  readonly validation?: Int32Array;
  readonly test?: Int32Array;
}

function ownParts({ size, parts }: SplitOptions): OwnParts {
  if (!parts || parts.train === size) {
    throw new DataError('The data has no test part of its own (--split own): take --split study.');
  }
  const testStart = parts.train + parts.validation;
  return {
    train: upTo(0, parts.train),
    ...(parts.validation > 0 ? { validation: upTo(parts.train, testStart) } : {}),
    ...(parts.test > 0 ? { test: upTo(testStart, size) } : {}),
  };
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function upTo(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}

/**
 * Splits examples at random in two, equal to scikit-learn's
 * `train_test_split(examples, test_size=testShare, random_state=seed, shuffle=True)`, example by example.
 *
 * @param labels class of each example of the whole data; where given, each class has its share in both parts, as with
 * scikit-learn's `stratify`.
 * @throws DataError for a seed or share that cannot be used, or if a part would be empty.
 */
export function trainTestSplit(
  examples: Int32Array,
  testShare: number,
  seed: number,
  labels?: Labels,
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
  const random = new MersenneTwister(seed);
  if (labels) {
    const own = examples.map((example) => labels[example]!);
    const { train, test } = stratifiedPositions(own, testSize, random);
    return { train: take(examples, train), test: take(examples, test) };
  }
  const shuffled = take(examples, random.permutation(size));
  return { train: shuffled.subarray(testSize), test: shuffled.subarray(0, testSize) };
}

function take(examples: Int32Array, positions: Int32Array): Int32Array {
  return positions.map((position) => examples[position]!);
}

/** SHA-256, in hexadecimal, of example numbers as little-endian int32. */
export function hashIndices(indices: Int32Array): string {
  return createHash('sha256').update(littleEndian(indices)).digest('hex');
}
