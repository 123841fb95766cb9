import { randomPredictions } from '../test/random';
import { expectedCalibrationError } from './calibration-error';
import { softmax } from './softmax';
import { fitTemperature, temperatureGrid } from './temperature';

describe('fitTemperature', () => {
  it('finds margin / ln(odds) for two classes with one margin', () => {
    for (const margin of [0.01, 0.3, 2, 7, 15]) {
      for (const [right, wrong] of [
        [3, 1],
        [9, 1],
        [5, 4],
      ] as const) {
        const labels = [...new Array<number>(right).fill(0), ...new Array<number>(wrong).fill(1)];
        const logits = labels.flatMap(() => [margin, 0]);
        const expected = Math.min(20, Math.max(0.05, margin / Math.log(right / wrong)));
        expect(fitTemperature(logits, labels) / expected).toBeCloseTo(1, 12);
      }
    }
  });

  it('undoes a scaling of the logits', () => {
    const { logits, labels } = randomPredictions(3, 4000, 10);
    const base = fitTemperature(logits, labels);
    expect(base).toBeCloseTo(1, 1);
    for (const scale of [0.1, 0.5, 4, 15]) {
      const scaled = logits.map((logit) => logit * scale);
      expect(fitTemperature(scaled, labels) / (base * scale)).toBeCloseTo(1, 9);
    }
  });

  it('stops at its bounds: all right wants no doubt at all, all wrong as much as there is', () => {
    expect(fitTemperature([1, 0, 0, 1], [0, 1])).toBe(0.05);
    expect(fitTemperature([1, 0, 0, 1], [1, 0])).toBe(20);
    expect(fitTemperature([1e5, 0, 0, 1e5], [1, 0])).toBe(20);
  });

  it('leaves logits alone where every temperature is as good', () => {
    expect(fitTemperature([3, 3, -1, -1], [0, 1])).toBe(1);
    expect(fitTemperature([1e5, 0, 0, 1e5], [0, 1])).toBe(1);
  });

  it('converges from saturated predictions with one error', () => {
    const labels = [...new Array<number>(99).fill(0), 1];
    const logits = labels.flatMap(() => [60, 0]);
    expect(fitTemperature(logits, labels)).toBeCloseTo(60 / Math.log(99), 10);
  });

  it("takes the value of the paper's grid with the lowest ECE when asked to", () => {
    const { logits, labels } = randomPredictions(5, 2000, 5, 1.7);
    const errors = temperatureGrid.map((temperature) =>
      expectedCalibrationError(softmax(logits, 5, temperature), labels),
    );
    const best = temperatureGrid[errors.indexOf(Math.min(...errors))];
    expect(fitTemperature(logits, labels, { method: 'ece_grid' })).toBe(best);
    expect(best).toBeGreaterThan(1.3);
    expect(temperatureGrid).toHaveLength(16);
  });

  it('takes the smallest of equally good grid values', () => {
    expect(fitTemperature([3, 3, -1, -1], [0, 1], { method: 'ece_grid' })).toBe(0.25);
  });

  it('refuses an unknown method', () => {
    expect(() => fitTemperature([1, 0], [0], { method: 'grid' as never })).toThrow(
      'temperature method is grid: expected nll or ece_grid',
    );
  });
});
