import { fixture } from '../test/fixture';
import { DataError } from './errors';
import { meanImage } from './mean-image';
import { MersenneTwister } from './mersenne-twister';

const numpy = fixture<{
  shape: [number, number, number];
  size: number;
  cases: { seed: number; taken: number; mean: number[] }[];
}>('mean-image.json');

const pixels = numpy.shape.reduce((a, b) => a * b);
const images = Uint8Array.from({ length: numpy.size * pixels }, (_, i) => (i * i * 31 + i * 7) % 251);
const dataset = { images, shape: numpy.shape };

describe('meanImage', () => {
  it.each(numpy.cases)(
    "equals numpy's float64 mean of $taken images, in float32",
    ({ seed, taken, mean }) => {
      const examples = new MersenneTwister(seed).permutation(numpy.size).subarray(0, taken);
      expect([...meanImage(dataset, examples)]).toEqual(mean);
    },
  );

  it('does not depend on the order of the examples', () => {
    const examples = new MersenneTwister(5).permutation(numpy.size);
    expect(meanImage(dataset, examples)).toEqual(meanImage(dataset, examples.toSorted()));
  });

  it('is exact for more bright pixels than float32 can add', () => {
    const white = { images: new Uint8Array(100_000).fill(255), shape: [1, 1, 1] as const };
    expect([
      ...meanImage(
        white,
        Int32Array.from({ length: 99_999 }, (_, i) => i),
      ),
    ]).toEqual([1]);
  });

  it('refuses no examples, and examples outside the data', () => {
    expect(() => meanImage(dataset, new Int32Array(0))).toThrow(DataError);
    expect(() => meanImage(dataset, Int32Array.of(0, 1, 2, 1_000))).toThrow(
      'There is no example 1000: the data has examples 0 to 999.',
    );
    expect(() => meanImage(dataset, Int32Array.of(-1))).toThrow(DataError);
  });
});
