import { fixture } from '../../test/fixture';
import { held } from '../../test/held';
import { pixelScale } from '../dataset';
import { DataError } from '../errors';
import { MersenneTwister } from '../split/mersenne-twister';
import { meanImage } from './mean-image';

const numpy = fixture<{
  shape: [number, number, number];
  size: number;
  cases: { seed: number; taken: number; mean: number[] }[];
}>('mean-image.json');

const pixels = numpy.shape.reduce((a, b) => a * b);
const images = Uint8Array.from({ length: numpy.size * pixels }, (_, i) => (i * i * 31 + i * 7) % 251);
const dataset = held(images, numpy.shape, pixelScale);

describe('meanImage', () => {
  it.each(numpy.cases)(
    "equals numpy's float64 mean of $taken images, in float32",
    async ({ seed, taken, mean }) => {
      const examples = new MersenneTwister(seed).permutation(numpy.size).subarray(0, taken);
      expect([...(await meanImage(dataset, examples))]).toEqual(mean);
    },
  );

  it('does not depend on the order of the examples', async () => {
    const examples = new MersenneTwister(5).permutation(numpy.size);
    expect(await meanImage(dataset, examples)).toEqual(await meanImage(dataset, examples.toSorted()));
  });

  it('is exact for more bright pixels than float32 can add', async () => {
    const white = held(new Uint8Array(100_000).fill(255), [1, 1, 1], pixelScale);
    const examples = Int32Array.from({ length: 99_999 }, (_, i) => i);
    expect([...(await meanImage(white, examples))]).toEqual([1]);
  });

  it('takes images that are not in memory, chunk by chunk, and images of floats', async () => {
    const examples = new MersenneTwister(5).permutation(numpy.size);
    const streamed = { ...dataset, inputs: null };
    expect(await meanImage(streamed, examples)).toEqual(await meanImage(dataset, examples));
    const floats = held(Float32Array.of(0.5, -1, 0.25, 2), [1, 2, 1]);
    expect([...(await meanImage(floats, Int32Array.of(0, 1)))]).toEqual([0.375, 0.5]);
  });

  it('refuses no examples, and examples outside the data', async () => {
    await expect(meanImage(dataset, new Int32Array(0))).rejects.toThrow(DataError);
    await expect(meanImage(dataset, Int32Array.of(0, 1, 2, 1_000))).rejects.toThrow(
      'There is no example 1000: the data has examples 0 to 999.',
    );
    await expect(meanImage(dataset, Int32Array.of(-1))).rejects.toThrow(DataError);
  });
});
