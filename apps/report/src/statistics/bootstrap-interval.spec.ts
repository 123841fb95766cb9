import { bootstrapInterval } from './bootstrap-interval';
import { mean, standardDeviation } from './moments';

describe('bootstrapInterval', () => {
  it('is near the normal interval of many values, and the same each time', () => {
    const values = Array.from({ length: 200 }, (_, i) => Math.sin(i * i));
    const [low, high] = bootstrapInterval(values)!;
    const error = standardDeviation(values)! / Math.sqrt(200);
    expect((mean(values) - low) / error).toBeCloseTo(1.96, 0.5);
    expect((high - mean(values)) / error).toBeCloseTo(1.96, 0.5);
    expect(bootstrapInterval(values)).toEqual([low, high]);
  });

  it('spans two values, is a point where all are equal, and needs two', () => {
    expect(bootstrapInterval([1, 3])).toEqual([1, 3]);
    expect(bootstrapInterval([2, 2, 2])).toEqual([2, 2]);
    expect(bootstrapInterval([2])).toBeNull();
  });
});
