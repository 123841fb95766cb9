import { readFixture } from '../test/fixture';
import { plateauNext, plateauRate, plateauStart } from './plateau';

interface Fixture {
  losses: number[];
  cases: Record<
    string,
    {
      options: { factor: number; patience: number; cooldown: number; min_lr: number };
      rates: number[];
      waited: number[];
      cooldown: number[];
    }
  >;
}

const fixture = readFixture<Fixture>('plateau');

describe('plateau', () => {
  it.each(Object.entries(fixture.cases))(
    "counts as Keras's ReduceLROnPlateau: %s",
    (_name, { options, rates, waited, cooldown }) => {
      const plateau = {
        factor: options.factor,
        patience: options.patience,
        cooldown: options.cooldown,
        minimumRate: options.min_lr,
      };
      let state = plateauStart;
      fixture.losses.forEach((loss, epoch) => {
        const rate = plateauRate(0.1, state, plateau);
        expect(Math.abs(rate / rates[epoch]! - 1)).toBeLessThan(1e-6);
        state = plateauNext(state, loss, rate, plateau);
        expect({ epoch, ...state }).toMatchObject({
          epoch,
          waited: waited[epoch],
          cooldown: cooldown[epoch],
        });
      });
    },
  );

  it('counts no reduction at the minimum, which 0.1 x 0.1 x 0.1 misses by a rounding', () => {
    const plateau = { factor: 0.1, patience: 1, minimumRate: 0.001 };
    const lowest = { ...plateauStart, factor: 0.1 * 0.1, best: 1 };
    const rate = plateauRate(0.1, lowest, plateau);
    expect(rate).toBeGreaterThan(0.001);
    expect(plateauNext(lowest, 1, rate, plateau).factor).toBe(lowest.factor);
  });

  it('multiplies the schedule', () => {
    expect(plateauRate(0.1, { ...plateauStart, factor: 0.5 })).toBeCloseTo(0.05);
    expect(plateauRate(0.01, { ...plateauStart, factor: 0.5 })).toBeCloseTo(0.005);
  });

  it('never raises a rate that is scheduled below the minimum', () => {
    expect(plateauRate(1e-8, { ...plateauStart, factor: 0.5 })).toBe(1e-8);
  });
});
