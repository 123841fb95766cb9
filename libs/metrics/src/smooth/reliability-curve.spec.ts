import { randomNumbers } from '../../test/random';
import { reliabilityCurve } from './reliability-curve';

const random = randomNumbers(3);
const event = Float64Array.from({ length: 2000 }, random);
const outcomes = event.map((p) => (random() < p ** 2 ? 1 : 0));

/** The mean outcome under reflected Gaussians, by its definition. */
function meanOutcome(t: number, sigma: number): number {
  let [part, whole] = [0, 0];
  event.forEach((c, i) => {
    for (const centre of [c, -c, 2 - c, 2 + c, c - 2]) {
      const weight = Math.exp(-((t - centre) ** 2) / (2 * sigma * sigma));
      whole += weight;
      part += weight * outcomes[i]!;
    }
  });
  return part / whole;
}

describe('reliabilityCurve', () => {
  it('is the kernel mean of the outcomes', () => {
    const { confidence, accuracy, lower } = reliabilityCurve({ event }, outcomes, {
      bandwidth: 0.05,
      draws: 0,
    });
    expect(lower).toBeNull();
    for (const i of [0, 20, 128, 200, 256])
      expect(accuracy[i]).toBeCloseTo(meanOutcome(confidence[i]!, 0.05), 4);
  });

  it('has a band that holds the curve and, at most confidences, the truth', () => {
    const { confidence, accuracy, lower, upper } = reliabilityCurve({ event }, outcomes, {
      bandwidth: 0.03,
      seed: 1,
    });
    const held = (value: (i: number) => number) =>
      confidence.filter((_, i) => lower![i]! <= value(i) && value(i) <= upper![i]!).length /
      confidence.length;
    expect(held((i) => accuracy[i]!)).toBe(1);
    expect(held((i) => confidence[i]! ** 2)).toBeGreaterThan(0.8);
    expect(reliabilityCurve({ event }, outcomes, { bandwidth: 0.03, seed: 1 }).lower).toEqual(lower);
  });

  it('has the smooth calibration error as its bandwidth, and no point without examples', () => {
    const sure = reliabilityCurve({ event: [0.9, 0.9, 0.9, 0.9, 0.9, 0.9] }, [1, 1, 1, 1, 1, 1], {
      draws: 2,
    });
    expect(sure.bandwidth).toBeCloseTo(0.1, 6);
    expect(sure.accuracy[0]).toBeNull();
    expect(sure.lower![0]).toBeNull();
    expect(sure.accuracy[230]).toBeCloseTo(1, 12);
  });

  it.each([
    [{ draws: -1 }, 'draws'],
    [{ seed: 0.5 }, 'seed is 0.5'],
    [{ level: 1 }, 'level is 1'],
    [{ bandwidth: 0 }, 'bandwidth is 0'],
  ])('refuses %j', (options, message) => {
    expect(() => reliabilityCurve({ event: [0.5] }, [1], options)).toThrow(message);
  });
});
