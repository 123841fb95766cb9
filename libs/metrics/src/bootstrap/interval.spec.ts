import { bcaInterval, percentileInterval } from './interval';

const values = Float64Array.from({ length: 101 }, (_, i) => i / 100);

it('percentile intervals are quantiles of the values', () => {
  expect(percentileInterval(values, 0.9)[0]).toBeCloseTo(0.05, 12);
  expect(percentileInterval(values, 0.9)[1]).toBeCloseTo(0.95, 12);
});

describe('bcaInterval', () => {
  it('is the percentile interval without bias and skewness', () => {
    const symmetric = Float64Array.of(0.4, 0.5, 0.6);
    bcaInterval(values, 0.5, symmetric, 0.9).forEach((end, i) =>
      expect(end).toBeCloseTo(percentileInterval(values, 0.9)[i]!, 3),
    );
  });

  it('moves up where most values lie below the estimate', () => {
    const [lower] = bcaInterval(values, 0.7, Float64Array.of(0.4, 0.5, 0.6), 0.9);
    expect(lower).toBeGreaterThan(0.05);
  });

  it('is the outermost value where all lie on one side, in place of NaN', () => {
    expect(bcaInterval(values, 2, Float64Array.of(1, 2), 0.9)).toEqual([1, 1]);
    expect(bcaInterval(values, -1, Float64Array.of(1, 2), 0.9)).toEqual([0, 0]);
  });
});
