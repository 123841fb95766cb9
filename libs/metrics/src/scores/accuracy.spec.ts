import { accuracy } from './accuracy';

describe('accuracy', () => {
  it('counts rows whose largest value is in the column of the label', () => {
    expect(accuracy([0.1, 0.9, 0.8, 0.2, 0.3, 0.7], [1, 0, 0])).toBeCloseTo(2 / 3, 15);
  });

  it('takes the first of equal values', () => {
    expect(accuracy([0.5, 0.5], [0])).toBe(1);
    expect(accuracy([0.5, 0.5], [1])).toBe(0);
  });
});
