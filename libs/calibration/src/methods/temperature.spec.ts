import { accuracy, expectedCalibrationError, softmax } from '@label-relaxation/metrics';
import fc from 'fast-check';
import { randomPredictions } from '../../test/predictions';
import { transform } from '../calibrator';
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
        expect(fitTemperature({ logits, labels }) / expected).toBeCloseTo(1, 12);
      }
    }
  });

  it('undoes a scaling of the logits', () => {
    const { logits, labels } = randomPredictions(3, 4000, 10);
    const base = fitTemperature({ logits, labels });
    expect(base).toBeCloseTo(1, 1);
    for (const scale of [0.1, 0.5, 4, 15]) {
      const scaled = logits.map((logit) => logit * scale);
      expect(fitTemperature({ logits: scaled, labels }) / (base * scale)).toBeCloseTo(1, 9);
    }
  });

  it('stops at its bounds: all right wants no doubt at all, all wrong as much as there is', () => {
    expect(fitTemperature({ logits: [1, 0, 0, 1], labels: [0, 1] })).toBe(0.05);
    expect(fitTemperature({ logits: [1, 0, 0, 1], labels: [1, 0] })).toBe(20);
    expect(fitTemperature({ logits: [1e5, 0, 0, 1e5], labels: [1, 0] })).toBe(20);
  });

  it('leaves logits alone where every temperature is as good', () => {
    expect(fitTemperature({ logits: [3, 3, -1, -1], labels: [0, 1] })).toBe(1);
    expect(fitTemperature({ logits: [1e5, 0, 0, 1e5], labels: [0, 1] })).toBe(1);
  });

  it('converges from saturated predictions with one error', () => {
    const labels = [...new Array<number>(99).fill(0), 1];
    const logits = labels.flatMap(() => [60, 0]);
    expect(fitTemperature({ logits, labels })).toBeCloseTo(60 / Math.log(99), 10);
  });

  it("takes the value of the paper's grid with the lowest ECE when asked to", () => {
    const { logits, labels } = randomPredictions(5, 2000, 5, 1.7);
    const errors = temperatureGrid.map((temperature) =>
      expectedCalibrationError(softmax(logits, 5, temperature), labels),
    );
    const best = temperatureGrid[errors.indexOf(Math.min(...errors))];
    expect(fitTemperature({ logits, labels }, { by: 'ece_grid' })).toBe(best);
    expect(best).toBeGreaterThan(1.3);
    expect(temperatureGrid).toHaveLength(16);
  });

  it('takes the smallest of equally good grid values', () => {
    expect(fitTemperature({ logits: [3, 3, -1, -1], labels: [0, 1] }, { by: 'ece_grid' })).toBe(0.25);
  });

  it('refuses an unknown method', () => {
    expect(() => fitTemperature({ logits: [1, 0], labels: [0] }, { by: 'grid' as never })).toThrow(
      'by is grid: a temperature is chosen by nll or ece_grid',
    );
  });

  it('is the same from probabilities, from float32 and with weights in place of repeated examples', () => {
    const { logits, probabilities, labels } = randomPredictions(9, 300, 4, 1.6);
    const temperature = fitTemperature({ logits, labels });
    expect(fitTemperature({ probabilities, labels })).toBeCloseTo(temperature, 12);
    expect(fitTemperature({ logits: Float32Array.from(logits), labels })).toBeCloseTo(temperature, 5);
    const weights = Array.from(labels, (_, row) => row % 3);
    const repeated = weights.flatMap((weight, row) => new Array<number>(weight).fill(row));
    const again = fitTemperature({
      logits: repeated.flatMap((row) => [...logits.subarray(row * 4, row * 4 + 4)]),
      labels: repeated.map((row) => labels[row]!),
    });
    expect(fitTemperature({ logits, labels, weights })).toBeCloseTo(again, 10);
  });

  it('finds the same from a part of many examples first as from all at once', () => {
    const { logits, labels } = randomPredictions(11, 20_000, 100, 1.4);
    const slope = (temperature: number) => {
      const p = softmax(logits, 100, temperature);
      let sum = 0;
      labels.forEach((label, row) => {
        for (let k = 0; k < 100; k++)
          sum += (p[row * 100 + k]! - (k === label ? 1 : 0)) * logits[row * 100 + k]!;
      });
      return sum / labels.length;
    };
    expect(Math.abs(slope(fitTemperature({ logits, labels })))).toBeLessThan(1e-12);
  });
});

describe('scaling by a temperature', () => {
  const calibrator = (temperature: number, classes: number) =>
    ({ method: 'temperature', version: 1, classes, examples: 2, temperature }) as const;

  it('never changes a prediction, however close logits are', () => {
    const near = fc.integer({ min: 0, max: 4 }).map((steps) => 1 + steps * Number.EPSILON);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(near, fc.double({ min: -1e4, max: 1e4, noNaN: true })), {
          minLength: 3,
          maxLength: 3,
        }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        (logits, temperature) => {
          const scaled = transform(calibrator(temperature, 3), { logits });
          const best = logits.indexOf(Math.max(...logits));
          expect(accuracy(scaled, [best])).toBe(1);
        },
      ),
    );
  });

  it('takes probabilities, even 0 and 1', () => {
    const scaled = transform(calibrator(2, 3), { probabilities: [1, 0, 0, 0.64, 0.16, 0.2] });
    expect(scaled[0]).toBeCloseTo(1, 15);
    expect(scaled[3]! / scaled[4]!).toBeCloseTo(2, 12);
  });
});
