import fc from 'fast-check';
import type { Measure } from '../src';
import * as library from '../src';
import {
  augrc,
  aurc,
  brierDecomposition,
  brierScore,
  coverageAtRisk,
  debiasedCalibrationError,
  eAurc,
  expectedCalibrationError,
  kolmogorovSmirnovError,
  kuiperError,
  maximumCalibrationError,
  overconfidence,
  riskAtCoverage,
  rootMeanSquareCalibrationError,
  smoothCalibrationError,
  smoothOverconfidence,
  smoothUnderconfidence,
  softmax,
  underconfidence,
} from '../src';
import { randomNumbers } from './random';

type AnyMeasure = Measure<{ weights?: readonly number[] }>;

const measures = Object.entries(library as unknown as Record<string, AnyMeasure>).filter(
  ([, value]) => typeof value === 'function' && 'definition' in value,
);

/** Logits of few different values, so that ties are common, with labels and weights. */
const examples = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc
    .array(
      fc.record({
        row: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: classes, maxLength: classes }),
        label: fc.nat(classes - 1),
        weight: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((rows) => ({ classes, rows })),
);
type Rows = typeof examples extends fc.Arbitrary<infer T> ? T : never;

function read({ rows }: Rows) {
  return {
    logits: rows.flatMap(({ row }) => row.map((value) => value / 2)),
    labels: rows.map(({ label }) => label),
    weights: rows.map(({ weight }) => weight),
  };
}

it('finds every measure', () => {
  expect(measures.map(([name]) => name).sort()).toEqual([
    'accuracy',
    'adaptiveCalibrationError',
    'augrc',
    'aurc',
    'brierScore',
    'coverageAtRisk',
    'debiasedCalibrationError',
    'eAurc',
    'expectedCalibrationError',
    'kolmogorovSmirnovError',
    'kuiperError',
    'maximumCalibrationError',
    'negativeLogLikelihood',
    'overconfidence',
    'riskAtCoverage',
    'rootMeanSquareCalibrationError',
    'smoothCalibrationError',
    'smoothOverconfidence',
    'smoothUnderconfidence',
    'underconfidence',
  ]);
  for (const [name, { definition }] of measures) expect(definition.name).toBe(name);
});

describe.each(measures)('%s', (name, measure) => {
  const runs = { numRuns: name.startsWith('smooth') ? 15 : 60 };

  it('is in its range, whatever the order of the examples', () => {
    fc.assert(
      fc.property(examples, fc.nat(), ({ classes, rows }, seed) => {
        const random = randomNumbers(seed);
        const keys = rows.map(() => random());
        const shuffled = rows.map((row, i) => ({ row, key: keys[i]! })).sort((a, b) => a.key - b.key);
        const given = read({ classes, rows });
        const other = read({ classes, rows: shuffled.map(({ row }) => row) });
        const value = measure({ logits: given.logits }, given.labels);
        expect(measure({ logits: other.logits }, other.labels)).toBeCloseTo(value, 9);
        expect(value).toBeGreaterThanOrEqual(0);
        if (name !== 'negativeLogLikelihood')
          expect(value).toBeLessThanOrEqual(name === 'brierScore' ? 2 : 1);
      }),
      runs,
    );
  });

  it('is the same of logits and of their probabilities, of labels and of soft labels that are sure', () => {
    fc.assert(
      fc.property(examples, (given) => {
        const { logits, labels } = read(given);
        const { classes } = given;
        const value = measure({ logits }, labels);
        // To rounding: a confidence on the edge of a bin may move.
        const probabilities = softmax(logits, classes);
        if (name.includes('smooth') || ['accuracy', 'brierScore', 'negativeLogLikelihood'].includes(name)) {
          expect(measure({ probabilities }, labels)).toBeCloseTo(value, 9);
        }
        const distributions = labels.flatMap((label) =>
          Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)),
        );
        expect(measure({ logits }, { distributions, classes })).toBeCloseTo(value, 12);
      }),
      runs,
    );
  });

  it('depends on the proportions of weights alone, and equal ones are none', () => {
    fc.assert(
      fc.property(examples, (given) => {
        const { logits, labels, weights } = read(given);
        const value = measure({ logits }, labels, { weights });
        const doubled = weights.map((weight) => weight * 2);
        expect(measure({ logits }, labels, { weights: doubled })).toBeCloseTo(value, 9);
        const equal = weights.map(() => 0.3);
        expect(measure({ logits }, labels, { weights: equal })).toBe(measure({ logits }, labels));
      }),
      runs,
    );
  });

  it('leaves examples of weight 0 out', () => {
    fc.assert(
      fc.property(examples, examples, ({ classes, rows }, more) => {
        const ignored = more.rows.map(({ row, ...rest }) => ({
          ...rest,
          label: 0,
          row: Array.from({ length: classes }, (_, k) => row[k % row.length]!),
        }));
        const all = read({ classes, rows: [...rows, ...ignored] });
        const weights = all.weights.map((weight, i) => (i < rows.length ? weight : 0));
        const kept = read({ classes, rows });
        const value = measure({ logits: all.logits }, all.labels, { weights });
        expect(value).toBeCloseTo(
          measure({ logits: kept.logits }, kept.labels, { weights: kept.weights }),
          9,
        );
      }),
      runs,
    );
  });
});

describe.each(
  measures.filter(([name]) => !/adaptive|debiased|aurc|augrc|eAurc|riskAt|coverageAt/u.test(name)),
)('%s', (name, measure) => {
  it('counts an example of weight w as w examples', () => {
    fc.assert(
      fc.property(examples, ({ classes, rows }) => {
        const { logits, labels, weights } = read({ classes, rows });
        const repeated = read({
          classes,
          rows: rows.flatMap((row) => new Array<(typeof rows)[number]>(row.weight).fill(row)),
        });
        const expected = measure({ logits: repeated.logits }, repeated.labels);
        expect(measure({ logits }, labels, { weights })).toBeCloseTo(expected, 9);
      }),
      { numRuns: name.startsWith('smooth') ? 15 : 60 },
    );
  });
});

const event = fc
  .array(
    fc.record({
      p: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.2, 0.5, 1)),
      y: fc.nat(1),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((pairs) => ({ event: pairs.map(({ p }) => p), outcomes: pairs.map(({ y }) => y) }));

describe('of any event', () => {
  it.each(['equal_width', 'equal_mass'] as const)('%s: ECE <= RMS <= MCE, over + under = ECE', (binning) => {
    fc.assert(
      fc.property(event, fc.integer({ min: 1, max: 60 }), ({ event, outcomes }, bins) => {
        const options = { bins, binning };
        const ece = expectedCalibrationError({ event }, outcomes, options);
        const rms = rootMeanSquareCalibrationError({ event }, outcomes, options);
        expect(ece).toBeLessThanOrEqual(rms + 1e-12);
        expect(rms).toBeLessThanOrEqual(maximumCalibrationError({ event }, outcomes, options) + 1e-12);
        const parts =
          overconfidence({ event }, outcomes, options) + underconfidence({ event }, outcomes, options);
        expect(parts).toBeCloseTo(ece, 12);
        expect(debiasedCalibrationError({ event }, outcomes, options)).toBeLessThanOrEqual(rms + 1e-12);
      }),
    );
  });

  it('the smooth error lies between |mean(c - y)| and mean |c - y|, and is the sum of its parts', () => {
    fc.assert(
      fc.property(event, ({ event, outcomes }) => {
        const residuals = event.map((p, i) => p - outcomes[i]!);
        const mean = Math.abs(residuals.reduce((sum, r) => sum + r, 0)) / event.length;
        const most = residuals.reduce((sum, r) => sum + Math.abs(r), 0) / event.length;
        const error = smoothCalibrationError({ event }, outcomes);
        expect(error).toBeGreaterThanOrEqual(mean - 1e-6);
        expect(error).toBeLessThanOrEqual(most + 1e-6);
        const parts = smoothOverconfidence({ event }, outcomes) + smoothUnderconfidence({ event }, outcomes);
        expect(parts).toBeCloseTo(error, 12);
      }),
      { numRuns: 30 },
    );
  });

  it('|mean(c - y)| <= KS <= Kuiper <= 2 KS, and KS <= ECE of enough bins', () => {
    fc.assert(
      fc.property(event, ({ event, outcomes }) => {
        const mean = Math.abs(event.reduce((sum, p, i) => sum + p - outcomes[i]!, 0)) / event.length;
        const ks = kolmogorovSmirnovError({ event }, outcomes);
        const kuiper = kuiperError({ event }, outcomes);
        expect(ks).toBeGreaterThanOrEqual(mean - 1e-12);
        expect(kuiper).toBeGreaterThanOrEqual(ks);
        expect(kuiper).toBeLessThanOrEqual(2 * ks + 1e-12);
      }),
    );
  });

  it('0 <= E-AURC <= AURC, AUGRC <= AURC, and the risk at the coverage of a risk is at most that', () => {
    fc.assert(
      fc.property(event, fc.double({ min: 0, max: 1, noNaN: true }), ({ event, outcomes }, risk) => {
        const area = aurc({ event }, outcomes);
        expect(eAurc({ event }, outcomes)).toBeLessThanOrEqual(area + 1e-12);
        expect(augrc({ event }, outcomes)).toBeLessThanOrEqual(area + 1e-12);
        const coverage = coverageAtRisk({ event }, outcomes, { risk });
        if (coverage > 0) {
          expect(riskAtCoverage({ event }, outcomes, { coverage })).toBeLessThanOrEqual(risk + 1e-6);
        }
      }),
    );
  });

  it("the Brier score's parts make it up", () => {
    fc.assert(
      fc.property(event, fc.integer({ min: 1, max: 60 }), ({ event, outcomes }, bins) => {
        const parts = brierDecomposition({ event }, outcomes, { bins });
        expect(parts.brier).toBeCloseTo(brierScore({ event }, outcomes), 12);
        const sum = parts.reliability - parts.resolution + parts.uncertainty + parts.withinBins;
        expect(sum).toBeCloseTo(parts.brier, 12);
        for (const part of [parts.reliability, parts.resolution, parts.uncertainty]) {
          expect(part).toBeGreaterThanOrEqual(-1e-12);
        }
        const values = event.map((p) => Math.round(p * 20) / 20);
        const single = brierDecomposition({ event: values }, outcomes, { bins: 1000 });
        expect(single.withinBins).toBeCloseTo(0, 12);
      }),
    );
  });
});

it('the debiased squared error is 0 on average over calibrated draws, where the plain one is not', () => {
  const random = randomNumbers(11);
  const draws = 300;
  let debiased = 0;
  let plain = 0;
  for (let draw = 0; draw < draws; draw++) {
    const event = Float64Array.from({ length: 150 }, random);
    const outcomes = event.map((p) => (random() < p ? 1 : 0));
    debiased += debiasedCalibrationError({ event }, outcomes, { squared: true }) / draws;
    plain += rootMeanSquareCalibrationError({ event }, outcomes, { binning: 'equal_mass' }) ** 2 / draws;
  }
  expect(plain).toBeGreaterThan(0.01);
  expect(Math.abs(debiased)).toBeLessThan(plain / 15);
});

it('the mean over each class is that of the classes one by one', () => {
  fc.assert(
    fc.property(examples, (given) => {
      const { logits, labels, weights } = read(given);
      const classes = Array.from({ length: given.classes }, (_, k) => k);
      for (const measure of [expectedCalibrationError, kolmogorovSmirnovError, debiasedCalibrationError]) {
        const single = classes.map((of) => measure({ logits }, labels, { of, weights }));
        const mean = single.reduce((sum, value) => sum + value, 0) / given.classes;
        expect(measure({ logits }, labels, { of: 'each_class', weights })).toBeCloseTo(mean, 12);
      }
    }),
  );
});
