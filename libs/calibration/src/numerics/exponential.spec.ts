import { exponential } from './exponential';

describe('exponential', () => {
  it('is e^x to a few units in the last place', () => {
    for (let x = 0; x > -708; x -= 0.0137) {
      expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(5e-16);
    }
  });

  it('is 1 at 0 and falls to 0 through the subnormal numbers', () => {
    expect(exponential(0)).toBe(1);
    expect(exponential(-1e-300)).toBe(1);
    expect(exponential(-740)).toBeCloseTo(Math.exp(-740), 320);
    expect(exponential(-740)).toBeGreaterThan(0);
    expect(exponential(-746)).toBe(0);
    expect(exponential(-1e308)).toBe(0);
  });
});
