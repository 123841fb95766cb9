import { randomNumbers } from '../../test/random';
import { kolmogorovSmirnovTest, kuiperTest, spiegelhalterTest } from './calibration-tests';

const tests = { spiegelhalterTest, kolmogorovSmirnovTest, kuiperTest };

describe.each(Object.entries(tests))('%s', (_, test) => {
  it('rejects calibrated predictions about as often as its p-value says', () => {
    let rejected = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = randomNumbers(seed);
      const event = Float64Array.from({ length: 400 }, random);
      if (
        test(
          { event },
          event.map((p) => (random() < p ? 1 : 0)),
        ).pValue < 0.1
      )
        rejected++;
    }
    expect(rejected).toBeGreaterThan(13);
    expect(rejected).toBeLessThan(50);
  });

  it('rejects overconfident ones', () => {
    const random = randomNumbers(5);
    const event = Float64Array.from({ length: 500 }, () => 0.85 + 0.1 * random());
    const outcomes = event.map((p) => (random() < p - 0.15 ? 1 : 0));
    expect(test({ event }, outcomes).pValue).toBeLessThan(1e-6);
    expect(test({ event }, outcomes).statistic).toBeGreaterThan(0);
  });

  it('has nothing to say where every certain prediction holds, and all where one does not', () => {
    expect(test({ event: [1, 0, 1] }, [1, 0, 1])).toEqual({ statistic: 0, pValue: 1 });
    expect(test({ event: [1, 0, 1] }, [1, 0, 0])).toEqual({ statistic: Infinity, pValue: 0 });
  });

  it('takes weights: doubled ones count as the examples twice, for the statistic times the root of 2', () => {
    const event = [0.2, 0.4, 0.7, 0.9];
    const outcomes = [1, 0, 1, 0];
    const weights = [1, 3, 1, 3];
    const twice = test({ event: [...event, ...event] }, [...outcomes, ...outcomes], {
      weights: [...weights, ...weights],
    });
    const once = test({ event }, outcomes, { weights });
    expect(twice.statistic).toBeCloseTo(once.statistic * Math.SQRT2, 10);
  });

  it('refuses shares', () => {
    expect(() => test({ event: [0.5] }, [0.5])).toThrow('outcomes are shares: a test needs 0 or 1');
    const soft = { distributions: [0.5, 0.5], classes: 2 };
    expect(() => test({ logits: [1, 0] }, soft)).toThrow('outcomes are shares');
  });
});

it('Spiegelhalter by hand', () => {
  // (1 - .8)(1 - 1.6) + (0 - .3)(1 - .6) over the root of .36 .16 + .16 .21.
  const { statistic } = spiegelhalterTest({ event: [0.8, 0.3] }, [1, 0]);
  expect(statistic).toBeCloseTo((-0.12 - 0.12) / Math.sqrt(0.36 * 0.16 + 0.16 * 0.21), 12);
});
