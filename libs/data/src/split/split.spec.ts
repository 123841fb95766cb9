import { fixture } from '../../test/fixture';
import { DataError } from '../errors';
import type { Split } from './split';
import { hashIndices, splitDataset, trainTestSplit } from './split';

interface Part {
  size: number;
  sha256: string;
  first: number[];
}

const sklearn = fixture<{
  cases: {
    size: number;
    test_parts: number;
    seed: number;
    test_run: boolean;
    temp_scaling: boolean;
    split: Record<keyof Split, Part | null>;
  }[];
  shares: { size: number; share: number; test_size: number }[];
}>('splits.json');

function describePart(part: Int32Array | null): Part | null {
  return part && { size: part.length, sha256: hashIndices(part), first: [...part.slice(0, 5)] };
}

const mnist = { size: 70_000, testShare: 1 / 7, testRun: true, tempScaling: false };

describe('splitDataset', () => {
  it.each(sklearn.cases)(
    'is as with scikit-learn: $size examples, seed $seed, test run $test_run, temperature scaling $temp_scaling',
    ({ size, test_parts: parts, seed, test_run: testRun, temp_scaling: tempScaling, split }) => {
      const ours = splitDataset({ size, testShare: 1 / parts, seed, testRun, tempScaling });
      expect({
        train: describePart(ours.train),
        validation: describePart(ours.validation),
        scaling: describePart(ours.scaling),
        test: describePart(ours.test),
      }).toEqual(split);
    },
  );

  it('gives each example to one part only', () => {
    const split = splitDataset({ size: 1_003, testShare: 1 / 7, seed: 3, testRun: false, tempScaling: true });
    const all = [...split.train, ...split.validation!, ...split.scaling!, ...split.test];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_003 }, (_, i) => i));
  });

  it("has the study's known test part of MNIST with seed 42", () => {
    expect(hashIndices(splitDataset({ ...mnist, seed: 42 }).test)).toBe(
      '254309a21c69dc5cdfe11f91eb6afec3ea5b46f9b5a8a37754fe8b51ada8375a',
    );
  });

  it('differs between seeds, and 0 is one like any other', () => {
    const hashes = [0, 1, 2].map((seed) => hashIndices(splitDataset({ ...mnist, seed }).train));
    expect(new Set(hashes).size).toBe(3);
    expect(hashIndices(splitDataset({ ...mnist, seed: 0 }).train)).toBe(hashes[0]);
  });

  it.each([-1, 0.5, 2 ** 32])('refuses the seed %d', (seed) => {
    expect(() => splitDataset({ ...mnist, seed })).toThrow(DataError);
  });

  it('refuses data too small for its parts', () => {
    expect(() => splitDataset({ ...mnist, size: 2, seed: 0, testRun: false })).toThrow(
      '1 example cannot be split with a share of 0.25: one part would be empty; use more data.',
    );
    expect(() => splitDataset({ ...mnist, size: 0, seed: 0 })).toThrow(DataError);
  });
});

describe('trainTestSplit', () => {
  it.each(sklearn.shares)('holds out $test_size of $size for a share of $share', (expected) => {
    const { train, test } = trainTestSplit(new Int32Array(expected.size), expected.share, 0);
    expect(test).toHaveLength(expected.test_size);
    expect(train).toHaveLength(expected.size - expected.test_size);
  });

  it('splits the examples given, not their positions', () => {
    const { train, test } = trainTestSplit(Int32Array.of(50, 60, 70, 80), 0.25, 0);
    expect([...test, ...train].sort()).toEqual([50, 60, 70, 80]);
  });

  it.each([0, 1, -0.1, NaN])('refuses the share %d', (share) => {
    expect(() => trainTestSplit(new Int32Array(10), share, 0)).toThrow(
      `The share ${share} cannot be split off: give a number between 0 and 1.`,
    );
  });
});

describe('hashIndices', () => {
  it('is the SHA-256 of little-endian int32, also of a view', () => {
    // printf '\1\0\0\0\0\1\0\0' | sha256sum
    const expected = '242045e2f1bb37769b514f182fd91b3d215324cb57f187cced1e9c62921dbac3';
    expect(hashIndices(Int32Array.of(1, 256))).toBe(expected);
    expect(hashIndices(Int32Array.of(9, 1, 256, 9).subarray(1, 3))).toBe(expected);
  });
});
