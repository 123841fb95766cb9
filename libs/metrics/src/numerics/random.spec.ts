import { randomBelow, randomStream, shuffle } from './random';

describe('randomStream', () => {
  it('is the same for the same seed and number, and another for any other', () => {
    const first = (seed: number, stream: number): string => {
      const random = randomStream(seed, stream);
      return Array.from({ length: 4 }, random).join();
    };
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      for (let stream = 0; stream < 30; stream++) {
        expect(first(seed, stream)).toBe(first(seed, stream));
        seen.add(first(seed, stream));
      }
    }
    expect(seen.size).toBe(900);
  });

  it('has each bit set half of the time', () => {
    const random = randomStream(1, 2);
    const set = new Float64Array(32);
    for (let i = 0; i < 40_000; i++) {
      const number = random();
      for (let bit = 0; bit < 32; bit++) set[bit]! += (number >>> bit) & 1;
    }
    // Five standard deviations.
    for (const count of set) expect(Math.abs(count - 20_000)).toBeLessThan(500);
  });
});

it('randomBelow gives each number below as often', () => {
  const random = randomStream(3, 0);
  const counts = new Float64Array(7);
  for (let i = 0; i < 70_000; i++) counts[randomBelow(random, 7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(470);
});

it('shuffle keeps all values, and every order is as likely', () => {
  const random = randomStream(5, 0);
  const orders = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const values = Uint32Array.of(0, 1, 2, 3);
    shuffle(values, random);
    orders.set(values.join(), (orders.get(values.join()) ?? 0) + 1);
  }
  expect(orders.size).toBe(24);
  for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(155);
});
