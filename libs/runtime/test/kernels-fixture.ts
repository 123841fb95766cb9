import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What TensorFlow and Keras gave; see tools/fixtures/runtime/kernels.py. */
export interface KernelsFixture {
  conv2d: {
    shape: [number, number, number, number];
    filterShape: [number, number, number, number];
    strides: number;
    padding: 'SAME' | 'VALID';
    x: number[];
    filter: number[];
    bias: number[];
    outShape: number[];
    y: number[];
    gradients: number[][];
  }[];
  batchNorm: {
    shape: number[];
    movingVariance: 'unbiased' | 'biased';
    x: number[];
    direction: number[];
    weights: [number[], number[], number[], number[]];
    inference: number[];
    y: number[];
    gradients: number[][];
    moving: [number[], number[]];
  }[];
  uniform: { seed: [number, number]; shape: number[]; values: number[] };
  truncatedNormal: { seed: [number, number]; shape: number[]; values: number[] };
}

const file = join(__dirname, '../../../tools/fixtures/runtime/kernels.json');

export const fixture = JSON.parse(readFileSync(file, 'utf8')) as KernelsFixture;

/** The largest |actual - expected| / (1 + |expected|); NaN if any number is NaN. */
export function worst(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  const errors = expected.map((value, i) => Math.abs((actual[i] as number) - value) / (1 + Math.abs(value)));
  return errors.some(Number.isNaN) ? NaN : Math.max(...errors);
}
