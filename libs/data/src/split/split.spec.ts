import { fixture } from '../../test/fixture';
import { DataError } from '../errors';
import type { Split } from './split';
import { hashIndices, splitDataset, trainTestSplit } from './split';

interface Part {
  size: number;
  sha256: string;
  first: number[];
}

interface Case {
  size: number;
  test_parts: number;
  seed: number;
  test_run: boolean;
  temp_scaling: boolean;
  split: Record<keyof Split, Part | null>;
}

const sklearn = fixture<{
  cases: Case[];
  stratified: Case[];
  shares: { size: number; share: number; test_size: number }[];
}>('splits.json');

function describePart(part: Int32Array | null): Part | null {
  return part && { size: part.length, sha256: hashIndices(part), first: [...part.slice(0, 5)] };
}

function describeSplit({ train, validation, scaling, test }: Split): Record<keyof Split, Part | null> {
  return {
    train: describePart(train),
    validation: describePart(validation),
    scaling: describePart(scaling),
    test: describePart(test),
  };
}

/** The labels that splits.py stratifies by. */
function uneven(size: number): Uint8Array {
  const label = (i: number) => (i % 2 === 0 ? 0 : i % 3 === 0 ? 1 : i % 97 < 3 ? 6 : 2 + (i % 4));
  return Uint8Array.from({ length: size }, (_, i) => label(i));
}

const mnist = { size: 70_000, testShare: 1 / 7, testRun: true, tempScaling: false };

describe('splitDataset', () => {
  it.each(sklearn.cases)(
    'is as with scikit-learn: $size examples, seed $seed, test run $test_run, temperature scaling $temp_scaling',
    ({ size, test_parts: parts, seed, test_run: testRun, temp_scaling: tempScaling, split }) => {
      const ours = splitDataset({ size, testShare: 1 / parts, seed, testRun, tempScaling });
      expect(describeSplit(ours)).toEqual(split);
    },
  );

  it.each(sklearn.stratified)(
    'is as with stratify of scikit-learn: $size examples, seed $seed, test run $test_run, scaling $temp_scaling',
    ({ size, test_parts: parts, seed, test_run: testRun, temp_scaling: tempScaling, split }) => {
      const labels = uneven(size);
      const ours = splitDataset({
        ...{ size, testShare: 1 / parts, seed, testRun, tempScaling, labels, stratify: true },
      });
      expect(describeSplit(ours)).toEqual(split);
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

describe('splitDataset with the parts of the authors', () => {
  const parts = { train: 60, validation: 10, test: 30 };
  const own = { size: 100, testShare: 0.2, seed: 3, tempScaling: false, parts, keepParts: true };
  const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

  it('keeps the test part and the validation part', () => {
    const { train, validation, test } = splitDataset({ ...own, testRun: false });
    expect([[...train], [...validation!], [...test]]).toEqual([range(0, 60), range(60, 70), range(70, 100)]);
    const whole = splitDataset({ ...own, testRun: true });
    expect([[...whole.train], whole.validation, [...whole.test]]).toEqual([
      range(0, 70),
      null,
      range(70, 100),
    ]);
  });

  it('splits off what the authors did not', () => {
    const noValidation = { ...own, parts: { train: 70, validation: 0, test: 30 } };
    const { train, validation, scaling, test } = splitDataset({
      ...noValidation,
      testRun: false,
      tempScaling: true,
    });
    expect([train.length, validation!.length, scaling!.length, test.length]).toEqual([44, 15, 11, 30]);
    expect([...train, ...validation!, ...scaling!].sort((a, b) => a - b)).toEqual(range(0, 70));
    const noTest = splitDataset({ ...own, parts: { train: 90, validation: 10, test: 0 }, testRun: false });
    expect([noTest.train.length, [...noTest.validation!], noTest.test.length]).toEqual([
      72,
      range(90, 100),
      18,
    ]);
  });

  it('refuses data that has none', () => {
    const none = { ...own, parts: { train: 100, validation: 0, test: 0 } };
    expect(() => splitDataset({ ...none, testRun: true })).toThrow(
      'The data has no test part of its own (--split own): take --split study.',
    );
  });
});

describe('trainTestSplit', () => {
  it('refuses to stratify what cannot be', () => {
    const all = Int32Array.from({ length: 10 }, (_, i) => i);
    const labels = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 2);
    expect(() => trainTestSplit(all, 0.3, 0, labels)).toThrow('Class 2 has a single example here');
    expect(() => trainTestSplit(all.subarray(0, 9), 0.1, 0, labels)).toThrow(
      '9 examples of 2 classes cannot be split into 8 and 1 with each class in both',
    );
  });

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
