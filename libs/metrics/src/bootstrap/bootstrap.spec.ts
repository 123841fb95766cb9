import { randomNumbers, randomPredictions } from '../../test/random';
import { classwiseCalibrationError, expectedCalibrationError } from '../binned/calibration-error';
import { MetricsError } from '../errors';
import { accuracy } from '../scores/accuracy';
import { brierScore } from '../scores/brier';
import { negativeLogLikelihood } from '../scores/log-loss';
import { aurc } from '../selective/areas';
import { bootstrap, pairedBootstrap } from './bootstrap';

const { logits, labels } = randomPredictions(1, 400, 4, 1.5);

describe('bootstrap', () => {
  it('gives the measure itself and an interval around it, the same for the same seed', () => {
    const result = bootstrap(expectedCalibrationError, { logits }, labels, { bins: 10, draws: 300, seed: 4 });
    expect(result.estimate).toBe(expectedCalibrationError({ logits }, labels, { bins: 10 }));
    expect(result.values).toHaveLength(300);
    expect(result.lower).toBeLessThan(result.upper);
    expect(
      bootstrap(expectedCalibrationError, { logits }, labels, { bins: 10, draws: 300, seed: 4 }),
    ).toEqual(result);
    const other = bootstrap(expectedCalibrationError, { logits }, labels, { bins: 10, draws: 300, seed: 5 });
    expect(other.values).not.toEqual(result.values);
  });

  it('has the standard error of a share where the measure is one', () => {
    const { estimate, standardError, lower, upper } = bootstrap(accuracy, { logits }, labels, {
      draws: 2000,
    });
    const expected = Math.sqrt((estimate * (1 - estimate)) / labels.length);
    expect(Math.abs(standardError / expected - 1)).toBeLessThan(0.08);
    expect(Math.abs((upper - lower) / (2 * 1.96 * expected) - 1)).toBeLessThan(0.1);
  });

  it.each(['bca', 'percentile'] as const)(
    '%s intervals hold the true value about as often as they say',
    (interval) => {
      let held = 0;
      for (let seed = 0; seed < 100; seed++) {
        const random = randomNumbers(seed);
        const outcomes = Uint8Array.from({ length: 80 }, () => (random() < 0.3 ? 1 : 0));
        const event = Array.from(outcomes, () => (random() < 0.5 ? 0.2 : 0.6));
        const expected = [0.2, 0.6].reduce((sum, p) => sum + (0.3 * (1 - p) ** 2 + 0.7 * p ** 2) / 2, 0);
        const { lower, upper } = bootstrap(brierScore, { event }, outcomes, {
          draws: 200,
          level: 0.9,
          interval,
        });
        if (lower <= expected && expected <= upper) held++;
      }
      expect(held / 100).toBeGreaterThan(0.8);
      expect(held / 100).toBeLessThan(0.98);
    },
  );

  it('leaves groups out in turn where there are more than 500 examples', () => {
    const many = randomPredictions(2, 1203, 3, 2);
    const { estimate, lower, upper } = bootstrap(negativeLogLikelihood, { logits: many.logits }, many.labels);
    expect(lower).toBeLessThan(estimate);
    expect(upper).toBeGreaterThan(estimate);
  });

  it('takes weights, and measures of each class', () => {
    const weights = Array.from(labels, (_, i) => i % 3);
    const weighted = bootstrap(brierScore, { logits }, labels, { weights, draws: 50 });
    expect(weighted.estimate).toBe(brierScore({ logits }, labels, { weights }));
    const each = bootstrap(expectedCalibrationError, { logits }, labels, { of: 'each_class', draws: 50 });
    expect(each.estimate).toBe(classwiseCalibrationError({ logits }, labels));
  });

  it('of equal values is that value', () => {
    const sure = { event: [1, 1, 1] };
    const { estimate, lower, upper } = bootstrap(expectedCalibrationError, sure, [1, 1, 1], { draws: 20 });
    expect([estimate, lower, upper]).toEqual([0, 0, 0]);
  });

  it.each<[object, RegExp]>([
    [{ draws: 1 }, /draws is 1: expected a whole number of at least 2/],
    [{ seed: 0.5 }, /seed is 0.5: expected a whole number/],
    [{ level: 95 }, /level is 95: expected a number between 0 and 1/],
    [{ interval: 'normal' }, /interval is normal: expected bca or percentile/],
  ])('refuses %p', (options, message) => {
    expect(() => bootstrap(accuracy, { logits }, labels, options)).toThrow(MetricsError);
    expect(() => bootstrap(accuracy, { logits }, labels, options)).toThrow(message);
  });

  it('refuses a single example', () => {
    expect(() => bootstrap(brierScore, { logits: [1, 0] }, [0])).toThrow('at least two examples');
  });
});

describe('pairedBootstrap', () => {
  const flat = logits.map((logit) => logit * 0.9);

  it('is the difference of both on the same resamples', () => {
    const options = { draws: 100, seed: 3 };
    const difference = pairedBootstrap(aurc, { logits }, { logits: flat }, labels, options);
    const first = bootstrap(aurc, { logits }, labels, options);
    const second = bootstrap(aurc, { logits: flat }, labels, options);
    difference.values.forEach((value, i) =>
      expect(value).toBeCloseTo(first.values[i]! - second.values[i]!, 14),
    );
    expect(difference.estimate).toBe(first.estimate - second.estimate);
  });

  it('tells apart what single intervals do not', () => {
    const difference = pairedBootstrap(negativeLogLikelihood, { logits }, { logits: flat }, labels);
    const single = bootstrap(negativeLogLikelihood, { logits }, labels);
    expect(difference.upper - difference.lower).toBeLessThan((single.upper - single.lower) / 3);
  });

  it('of a model with itself is 0', () => {
    const { estimate, lower, upper } = pairedBootstrap(brierScore, { logits }, { logits }, labels, {
      draws: 30,
    });
    expect([estimate, lower, upper]).toEqual([0, 0, 0]);
  });
});
