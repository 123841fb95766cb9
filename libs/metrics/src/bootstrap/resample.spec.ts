import { randomStream } from '../numerics/random';
import { resample } from './resample';

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

describe('resample', () => {
  it.each([1, 2, 3, 4])('draws from %d examples as that many draws with replacement do', (size) => {
    const draws = 20_000;
    const seen = new Map<string, number>();
    const counts = new Uint8Array(size);
    for (let draw = 0; draw < draws; draw++) {
      resample(counts, randomStream(size, draw));
      seen.set(counts.join(), (seen.get(counts.join()) ?? 0) + 1);
    }
    for (const [key, times] of seen) {
      const drawn = key.split(',').map(Number);
      expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(size);
      const chance = drawn.reduce(
        (product, count) => product / factorial(count),
        factorial(size) / size ** size,
      );
      expect(Math.abs(times - draws * chance)).toBeLessThan(5 * Math.sqrt(draws * chance));
    }
    // As many ways as there are to put as many balls into as many urns.
    expect(seen.size).toBe(factorial(2 * size - 1) / (factorial(size) * factorial(size - 1)));
  });

  it('draws as many examples as there are of many, each with the mean and variance of a single one', () => {
    const size = 2000;
    const counts = new Uint8Array(size);
    const sums = new Float64Array(size);
    let squares = 0;
    for (let draw = 0; draw < 200; draw++) {
      resample(counts, randomStream(9, draw));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(size);
      for (let i = 0; i < size; i++) {
        sums[i]! += counts[i]!;
        squares += (counts[i]! - 1) ** 2;
      }
    }
    expect(squares / (200 * size)).toBeCloseTo(1 - 1 / size, 1);
    expect(Math.max(...sums)).toBeLessThan(200 + 5 * Math.sqrt(200));
    expect(Math.min(...sums)).toBeGreaterThan(200 - 5 * Math.sqrt(200));
  });
});
