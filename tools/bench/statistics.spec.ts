import { quantile, spread } from './statistics';

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([10, 30, 20], 0.5)).toBe(20);
  });

  it('gives the ends, and a single value itself', () => {
    expect(quantile([5, 9, 7], 0)).toBe(5);
    expect(quantile([5, 9, 7], 1)).toBe(9);
    expect(quantile([3], 0.75)).toBe(3);
  });

  it('leaves the values in their order and refuses none at all', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
    expect(() => quantile([], 0.5)).toThrow('at least one value');
  });
});

describe('spread', () => {
  it('has the median between the quartiles', () => {
    expect(spread([1, 2, 3, 4, 100])).toEqual({ median: 3, lower: 2, upper: 4, count: 5 });
  });
});
