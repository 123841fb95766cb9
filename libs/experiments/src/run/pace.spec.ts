import { paceOf } from './pace';

describe('paceOf', () => {
  it('expects the rest to go as the steps so far did', () => {
    let now = 0;
    const pace = paceOf(100, () => now);
    expect(pace(0)).toBe(0);
    now = 20_000;
    expect(pace(20)).toBeCloseTo(80);
    now = 200_000;
    expect(pace(100)).toBe(0);
  });

  it('leaves out the steps of an earlier process', () => {
    let now = 0;
    const pace = paceOf(100, () => now);
    pace(50);
    now = 10_000;
    expect(pace(60)).toBeCloseTo(40);
  });
});
