import { fromZero, paddedDomain } from './domains';

describe('domains', () => {
  it('have air around the values', () => {
    expect(paddedDomain([0, 1])).toEqual([-0.08, 1.08]);
  });

  it('are an interval around a single value', () => {
    const [low, high] = paddedDomain([0.5]);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(paddedDomain([0])).toEqual([-0.01, 0.01]);
  });

  it.each([
    [0.13, 0.14],
    [0.15, 0.2],
    [0.97, 1],
    [1, 1],
    [0.052, 0.06],
  ])('from 0 over %d end at %d', (value, expected) => {
    expect(fromZero(value)).toEqual([0, expected]);
  });
});
