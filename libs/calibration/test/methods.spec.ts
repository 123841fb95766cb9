import { accuracy, MetricsError, negativeLogLikelihood, softmax } from '@label-relaxation/metrics';
import type { CalibrationMethod, Calibrator } from '../src';
import {
  CalibrationError,
  calibrationMethods,
  fitCalibrator,
  logitWeights,
  parseCalibrator,
  refusalOf,
  transform,
} from '../src';
import { randomPredictions } from './predictions';

/** Mean negative log-likelihood of probabilities. */
function lossOf(probabilities: Float64Array, labels: Int32Array): number {
  return negativeLogLikelihood(
    probabilities.map((p) => Math.log(Math.max(p, 1e-12))),
    labels,
  );
}

const methods = [...calibrationMethods];

describe.each(methods)('%s', (method) => {
  it.each([2, 3, 5])(
    'repairs overconfident predictions of %d classes, on examples it has not seen',
    (classes) => {
      const fitted = randomPredictions(1, 1500, classes, 2.5);
      const fresh = randomPredictions(2, 1500, classes, 2.5);
      const before = lossOf(fresh.probabilities, fresh.labels);
      const given = [
        [{ logits: fitted.logits }, { logits: fresh.logits }],
        [{ probabilities: fitted.probabilities }, { probabilities: fresh.probabilities }],
      ] as const;
      for (const [examples, predictions] of given) {
        const after = transform(fitCalibrator(method, { ...examples, labels: fitted.labels }), predictions);
        expect(lossOf(after, fresh.labels)).toBeLessThan(before - 0.05);
        for (let row = 0; row < fresh.labels.length; row++) {
          const distribution = after.subarray(row * classes, (row + 1) * classes);
          expect(distribution.every((p) => p >= 0 && p <= 1)).toBe(true);
          expect(distribution.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        }
      }
    },
  );

  it('comes back from JSON as it was', () => {
    const { logits, labels } = randomPredictions(3, 400, 3, 2);
    const calibrator = fitCalibrator(method, { logits, labels });
    const again = parseCalibrator(JSON.stringify(calibrator));
    expect(again).toEqual(calibrator);
    expect(transform(again, { logits })).toEqual(transform(calibrator, { logits }));
  });

  it('counts an example of weight 2 twice and one of weight 0 not at all', () => {
    if (method === 'svector' || method === 'smatrix' || method === 'dirichlet') return;
    const { logits, labels } = randomPredictions(4, 300, 3, 2);
    const weights = Array.from(labels, (_, row) => row % 3);
    const rows = weights.flatMap((weight, row) => new Array<number>(weight).fill(row));
    const repeated = {
      logits: rows.flatMap((row) => [...logits.subarray(row * 3, row * 3 + 3)]),
      labels: rows.map((row) => labels[row]!),
    };
    const one = transform(fitCalibrator(method, { logits, labels, weights }), { logits });
    const other = transform(fitCalibrator(method, repeated), { logits });
    one.forEach((p, i) => expect(p).toBeCloseTo(other[i]!, method === 'platt' ? 2 : 5));
  });

  it('takes sure and impossible predictions, ties, float32 and separable examples', () => {
    const labels = Array.from({ length: 60 }, (_, row) => row % 3);
    const sure = labels.flatMap((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));
    const tied = labels.flatMap(() => [0.2, 0.4, 0.4]);
    for (const probabilities of [sure, tied, Float32Array.from(sure)]) {
      const result = transform(fitCalibrator(method, { probabilities, labels }), { probabilities });
      expect(result.every(Number.isFinite)).toBe(true);
    }
    const logits = sure.map((p) => 1000 * p);
    expect(accuracy(transform(fitCalibrator(method, { logits, labels }), { logits }), labels)).toBe(1);
  });

  it('refuses a single example, saying why', () => {
    expect(() => fitCalibrator(method, { logits: [1, 0], labels: [0] })).toThrow(CalibrationError);
    expect(() => fitCalibrator(method, { logits: [1, 0], labels: [0] })).toThrow(/needs/);
    expect(refusalOf(method, [0], 2)).toMatch(/needs/);
    expect(refusalOf(method, randomPredictions(5, 200, 4).labels, 4)).toBeNull();
  });

  it('refuses what are no predictions', () => {
    expect(() => fitCalibrator(method, { logits: [1, NaN, 0, 1], labels: [0, 1] })).toThrow(MetricsError);
    expect(() => fitCalibrator(method, { probabilities: [1, 2, 0, 1], labels: [0, 1] })).toThrow(
      /pass logits through softmax/,
    );
    expect(() => fitCalibrator(method, { logits: [1, 0, 0, 1], labels: [0, 2] })).toThrow(/labels\[1\] is 2/);
  });
});

const oneVsRest = ['platt', 'beta', 'isotonic', 'histogram', 'venn_abers'] as const;

describe.each(oneVsRest)('%s, one class against the rest', (method) => {
  it('refuses where a class is missing', () => {
    const { logits, labels } = randomPredictions(6, 100, 3);
    const without = labels.map((label) => (label === 2 ? 1 : label));
    expect(() => fitCalibrator(method, { logits, labels: without })).toThrow(
      /needs examples of every class, and class 2 has none among 100/,
    );
  });

  it('of two classes calibrates the second', () => {
    const { logits, labels } = randomPredictions(7, 200, 2, 2);
    const calibrator = fitCalibrator(method, { logits, labels }) as Calibrator & { maps: unknown[] };
    expect(calibrator.maps).toHaveLength(1);
  });

  it('keeps the order of a probability, as its map ascends', () => {
    if (method === 'histogram') return;
    const { probabilities, labels } = randomPredictions(8, 500, 2, 2);
    const calibrator = fitCalibrator(method, { probabilities, labels });
    const grid = Array.from({ length: 1001 }, (_, i) => i / 1000);
    const result = transform(calibrator, { probabilities: grid.flatMap((p) => [1 - p, p]) });
    for (let i = 1; i < grid.length; i++) {
      expect(result[2 * i + 1]).toBeGreaterThanOrEqual(result[2 * i - 1]! - 1e-12);
    }
  });
});

describe('fitCalibrator', () => {
  const { logits, labels } = randomPredictions(9, 100, 3);

  it('is told what the values are', () => {
    expect(() => fitCalibrator('temperature', { labels } as never)).toThrow(
      /give either logits or probabilities/,
    );
    expect(() => fitCalibrator('temperature', { logits, probabilities: logits, labels } as never)).toThrow(
      /give either logits or probabilities/,
    );
  });

  it('refuses weights that are none', () => {
    const weights = new Array<number>(100).fill(1);
    const fit = (given: number[]) => () => fitCalibrator('temperature', { logits, labels, weights: given });
    expect(fit(weights.slice(1))).toThrow('99 weights for 100 labels');
    expect(fit([-1, ...weights.slice(1)])).toThrow('weights[0] is -1: expected 0 or more');
    expect(fit(weights.map(() => 0))).toThrow('all weights are 0');
  });

  it('refuses more weights than examples can tell, and points to the penalised method', () => {
    const few = { logits: logits.subarray(0, 30), labels: labels.subarray(0, 10) };
    expect(() => fitCalibrator('matrix', few)).toThrow(
      /has 12 weights .* at least 12 examples.*take smatrix/,
    );
    expect(() => fitCalibrator('histogram', { logits, labels }, { bins: 101 })).toThrow(
      /into 101 bins needs at least 101 examples, and there are 100/,
    );
  });

  it('refuses an unknown method and options out of range', () => {
    expect(() => fitCalibrator('magic' as never, { logits, labels })).toThrow(
      /method is magic: expected one of temperature, /,
    );
    expect(() => fitCalibrator('histogram', { logits, labels }, { bins: 0 })).toThrow('bins is 0');
    expect(() => fitCalibrator('dirichlet', { logits, labels }, { lambda: -1 })).toThrow('lambda is -1');
  });
});

describe('transform', () => {
  const { logits, probabilities, labels } = randomPredictions(10, 200, 3, 2);

  it('gives the same for logits and for the probabilities that they make, except after a map of logits', () => {
    // Those of steps may take the next one where a probability differs by a rounding.
    for (const method of methods.filter((name) => name !== 'histogram' && name !== 'venn_abers')) {
      const fitted = fitCalibrator(method, { probabilities, labels });
      const one = transform(fitted, { probabilities });
      transform(fitted, { logits }).forEach((p, i) => expect(p).toBeCloseTo(one[i]!, 8));
    }
    for (const method of ['vector', 'svector', 'matrix', 'smatrix'] as const) {
      const fitted = fitCalibrator(method, { logits, labels });
      expect(() => transform(fitted, { probabilities })).toThrow(/fitted on logits.*pass the logits/);
    }
  });

  it('shows an affine map as weights of the logits, to be folded into a last layer', () => {
    for (const method of ['temperature', 'vector', 'svector', 'matrix', 'smatrix'] as const) {
      const calibrator = fitCalibrator(method, { logits, labels });
      const { weights, bias } = logitWeights(calibrator)!;
      const folded = Float64Array.from({ length: logits.length }, (_, i) => {
        const row = i - (i % 3);
        return [0, 1, 2].reduce((sum, j) => sum + weights[(i % 3) * 3 + j]! * logits[row + j]!, bias[i % 3]!);
      });
      const expected = softmax(folded, 3);
      transform(calibrator, { logits }).forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 12));
    }
    expect(logitWeights(fitCalibrator('smatrix', { probabilities, labels }))).toBeNull();
    expect(logitWeights(fitCalibrator('beta', { logits, labels }))).toBeNull();
  });

  it('refuses another number of classes', () => {
    const calibrator = fitCalibrator('isotonic', { logits, labels });
    expect(() => transform(calibrator, { logits: [1, 2, 3, 4] })).toThrow(
      'logits have 4 values: expected rows of 3 classes',
    );
    expect(() => transform(calibrator, { logits: [] })).toThrow(/0 values/);
  });
});

describe('parseCalibrator refuses', () => {
  const { logits, labels } = randomPredictions(11, 200, 3);
  const written = (method: CalibrationMethod) => ({ ...fitCalibrator(method, { logits, labels }) });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['no object', '[1]', /not a JSON object/],
    [
      'a later version',
      { ...written('temperature'), version: 2 },
      /of version 2: this version of the library reads up to 1/,
    ],
    ['an unknown method', { ...written('temperature'), method: 'magic' }, /"method"/],
    ['a missing field', { ...written('temperature'), temperature: undefined }, /"temperature"/],
    ['a temperature of 0', { ...written('temperature'), temperature: 0 }, /"temperature"/],
    ['too few weights', { ...written('smatrix'), weights: [1, 2] }, /"weights"/],
    ['weights that are no numbers', { ...written('vector'), weights: [1, 2, null] }, /"weights"/],
    ['too few maps', { ...written('beta'), maps: [] }, /"maps"/],
    ['a map without a field', { ...written('beta'), maps: [{}, {}, {}] }, /maps\[0\].*"a"/],
  ])('%s', (_, json, message) => {
    expect(() => parseCalibrator(json)).toThrow(CalibrationError);
    expect(() => parseCalibrator(json)).toThrow(message);
  });
});
