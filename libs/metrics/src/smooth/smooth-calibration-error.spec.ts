import { randomNumbers } from '../../test/random';
import {
  smoothCalibrationError,
  smoothOverconfidence,
  smoothUnderconfidence,
} from './smooth-calibration-error';

/** The integral by its definition: reflected Gaussians, a trapezium rule that is fine beside the bandwidth. */
function integral(event: readonly number[], outcomes: readonly number[], sigma: number): number {
  const points = Math.ceil(20 / sigma);
  const { exp, abs, sqrt } = Math;
  let sum = 0;
  for (let i = 0; i <= points; i++) {
    const t = i / points;
    let r = 0;
    event.forEach((c, example) => {
      for (const centre of [c, -c, 2 - c, 2 + c, c - 2, -2 - c, 4 - c]) {
        r += (c - outcomes[example]!) * exp(-((t - centre) ** 2) / (2 * sigma * sigma));
      }
    });
    sum += (abs(r) * (i === 0 || i === points ? 0.5 : 1)) / points;
  }
  return sum / (event.length * sigma * sqrt(2 * Math.PI));
}

describe('smoothCalibrationError', () => {
  it.each([0.3, 0.05, 0.01, 0.002])('is the integral at the bandwidth %d', (bandwidth) => {
    const event = [0, 0.002, 0.31, 0.32, 0.6, 0.97, 0.999, 1];
    const outcomes = [0, 1, 0, 1, 1, 0, 1, 1];
    const expected = integral(event, outcomes, bandwidth);
    expect(smoothCalibrationError({ event }, outcomes, { bandwidth })).toBeCloseTo(expected, 4);
  });

  it('is the bandwidth at which it is computed, unless that is given', () => {
    const random = randomNumbers(1);
    for (const size of [3, 30, 300, 3000]) {
      const event = Float64Array.from({ length: size }, random);
      const outcomes = event.map((p) => (random() < p ? 1 : 0));
      const error = smoothCalibrationError({ event }, outcomes);
      expect(smoothCalibrationError({ event }, outcomes, { bandwidth: error })).toBeCloseTo(error, 8);
    }
  });

  it('equals |mean(c - outcome)| where the residual has one sign', () => {
    const event = [0.9, 0.95, 0.99, 1];
    expect(smoothCalibrationError({ event }, [0, 1, 0, 1])).toBeCloseTo((3.84 - 2) / 4, 12);
    expect(smoothCalibrationError({ event: [0.2, 0.2, 0.2] }, [1, 1, 0])).toBeCloseTo(2 / 3 - 0.2, 12);
  });

  it('is 0 where every certain prediction holds', () => {
    expect(smoothCalibrationError({ event: [1, 0, 1, 1] }, [1, 0, 1, 1])).toBe(0);
  });

  it('takes errors smaller than any bandwidth of the mesh', () => {
    // Pairs of neighbours that cancel each other at every bandwidth above their distance.
    const event = [0.5, 0.5];
    expect(smoothCalibrationError({ event }, [0, 1])).toBeCloseTo(0, 12);
    expect(smoothCalibrationError({ event: [1 - 1e-6] }, [1])).toBeCloseTo(1e-6, 12);
    const near = Float64Array.from({ length: 1000 }, (_, i) => 0.4 + (i % 2) * 1e-5);
    const outcomes = near.map((_, i) => (Math.floor(i / 2) % 5 < 2 ? 1 : 0));
    expect(smoothCalibrationError({ event: near }, outcomes)).toBeLessThan(1e-4);
  });

  it('is small for calibrated predictions, and falls with their number', () => {
    const random = randomNumbers(2);
    const errors = [100, 10_000].map((size) => {
      const event = Float64Array.from({ length: size }, random);
      return smoothCalibrationError(
        { event },
        event.map((p) => (random() < p ? 1 : 0)),
      );
    });
    expect(errors[0]).toBeLessThan(0.1);
    expect(errors[1]).toBeLessThan(errors[0]! / 2);
  });

  it('is over- and underconfidence together', () => {
    const event = [0.1, 0.15, 0.2, 0.8, 0.9, 0.95];
    const outcomes = [1, 1, 0, 0, 0, 1];
    const over = smoothOverconfidence({ event }, outcomes);
    const under = smoothUnderconfidence({ event }, outcomes);
    expect(over).toBeGreaterThan(0.1);
    expect(under).toBeGreaterThan(0.1);
    expect(over + under).toBeCloseTo(smoothCalibrationError({ event }, outcomes), 12);
  });

  it.each([0, -1, NaN, Infinity])('refuses the bandwidth %d', (bandwidth) => {
    expect(() => smoothCalibrationError({ event: [0.5] }, [1], { bandwidth })).toThrow(
      `bandwidth is ${bandwidth}: expected a finite number above 0`,
    );
  });
});
