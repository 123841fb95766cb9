import { linearScale, niceMaximum, paddedDomain, tickLabels, ticks } from './scale';

describe('scales', () => {
  it('map ends to ends', () => {
    const scale = linearScale([1, 3], [100, 0]);
    expect([1, 2, 3].map(scale)).toEqual([100, 50, 0]);
  });

  it.each<[number, number, number[]]>([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.978, 0.9885, [0.98, 0.9825, 0.985, 0.9875]],
    [-0.03, 0.43, [0, 0.1, 0.2, 0.3, 0.4]],
    [0, 0.00012, [0, 0.000025, 0.00005, 0.000075, 0.0001]],
  ])('ticks between %d and %d are round', (low, high, expected) => {
    expect(ticks(low, high)).toEqual(expected);
  });

  it('tick labels share their decimals', () => {
    expect(tickLabels([0, 0.5, 1])).toEqual(['0.0', '0.5', '1.0']);
    expect(tickLabels([9.7, 10])).toEqual(['9.7', '10.0']);
    expect(tickLabels([0.00000001, 0.00000002])).toEqual(['0.00000001', '0.00000002']);
  });

  it('a single value gets an interval', () => {
    const [low, high] = paddedDomain([0.5]);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(paddedDomain([0])).toEqual([-0.01, 0.01]);
  });

  it.each([
    [0.13, 0.15],
    [0.15, 0.15],
    [0.97, 1],
    [1, 1],
    [0.004, 0.004],
    [0.052, 0.06],
  ])('the round number above %d is %d', (value, expected) => {
    expect(niceMaximum(value)).toBe(expected);
  });
});
