import { scheduledRate } from './schedule';

describe('scheduledRate', () => {
  it('falls after the epochs of the steps, not at them', () => {
    const schedule = { initialRate: 0.1, steps: [2, 4], multiplier: 0.1 };
    const rates = [0, 1, 2, 3, 4, 5].map((epoch) => scheduledRate(schedule, epoch));
    expect(rates.map((rate) => Number(rate.toPrecision(6)))).toEqual([0.1, 0.1, 0.1, 0.01, 0.01, 0.001]);
  });

  it('warms up linearly to the initial rate', () => {
    const schedule = { initialRate: 0.4, steps: [], multiplier: 0.1, warmup: 4 };
    const rates = [0, 1, 2, 3, 4].map((epoch) => scheduledRate(schedule, epoch));
    expect(rates.map((rate) => Number(rate.toPrecision(6)))).toEqual([0.1, 0.2, 0.3, 0.4, 0.4]);
  });
});
