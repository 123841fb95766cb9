import { fixture } from '../../test/fixture';
import { DataError } from '../errors';
import { MersenneTwister } from './mersenne-twister';

const numpy = fixture<{
  words: { seed: number | number[]; first: number[]; last: number[] }[];
  shuffles: { seed: number | number[]; size: number; values: number[] }[];
}>('mersenne-twister.json');

function named(seed: number | number[]): string {
  return Array.isArray(seed) && seed.length > 3 ? `${seed.length} numbers` : JSON.stringify(seed);
}

describe('MersenneTwister', () => {
  it.each(numpy.words.map((words) => [named(words.seed), words] as const))(
    "draws numpy's words from seed %s",
    (_, { seed, first, last }) => {
      const random = new MersenneTwister(seed);
      const drawn = Array.from({ length: 1300 }, () => random.uint32());
      expect(drawn.slice(0, 4)).toEqual(first);
      expect(drawn.slice(-4)).toEqual(last);
    },
  );

  it.each(
    numpy.shuffles.map(
      (shuffle) => [named(shuffle.seed), shuffle.size, shuffle.values, shuffle.seed] as const,
    ),
  )('shuffles as numpy does: seed %s, %i values', (_, size, values, seed) => {
    expect([...new MersenneTwister(seed).permutation(size)]).toEqual(values);
  });

  it('draws every number of an interval and no other', () => {
    const random = new MersenneTwister(1);
    const drawn = new Set(Array.from({ length: 500 }, () => random.interval(4)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(random.interval(0)).toBe(0);
    expect(random.interval(0xffffffff)).toBeLessThanOrEqual(0xffffffff);
  });

  it.each([-1, 2 ** 32, 1.5, NaN, Infinity])('refuses the seed %d', (seed) => {
    expect(() => new MersenneTwister(seed)).toThrow(
      new DataError(`The seed ${seed} cannot be used: give a whole number from 0 to 4294967295.`),
    );
    expect(() => new MersenneTwister([0, seed])).toThrow(DataError);
  });

  it('refuses an empty list of seeds', () => {
    expect(() => new MersenneTwister([])).toThrow('at least one');
  });
});
