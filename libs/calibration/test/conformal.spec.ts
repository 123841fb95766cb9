import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { softmax } from '@label-relaxation/metrics';
import fc from 'fast-check';
import { CalibrationError, fitConformal, parseConformal, predictSets, scoreSets, setOf } from '../src';
import { randomPredictions } from './predictions';

/** Random logits with labels. */
function randomLogits(seed: number, examples: number, classes: number, temperature = 1) {
  const { logits, labels } = randomPredictions(seed, examples, classes, temperature);
  return { logits, labels };
}

interface PeerCase {
  name: string;
  classes: number;
  alpha: number;
  logits: number[];
  labels: number[];
  test_logits: number[];
  lac: number;
  lac_sets: number[][];
  aps: number;
  raps: number;
}

const { cases, penalty, free_ranks } = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/calibration/conformal.json'), 'utf8'),
) as { cases: PeerCase[]; penalty: number; free_ranks: number };

describe.each(cases)('MAPIE agrees on $name', ({ logits, labels, test_logits, alpha, ...peer }) => {
  it('thresholds of lac, aps and raps', () => {
    const threshold = (options: object) =>
      fitConformal({ logits, labels }, { alpha, randomised: false, ...options }).thresholds[0];
    expect(threshold({})).toBeCloseTo(peer.lac, 12);
    expect(threshold({ score: 'aps' })).toBeCloseTo(peer.aps, 12);
    expect(threshold({ score: 'raps', penalty, freeRanks: free_ranks })).toBeCloseTo(peer.raps, 12);
  });

  it('sets of lac', () => {
    const sets = predictSets(fitConformal({ logits, labels }, { alpha }), { logits: test_logits });
    expect(peer.lac_sets.map((_, i) => Array.from(setOf(sets, i)).sort((a, b) => a - b))).toEqual(
      peer.lac_sets,
    );
  });
});

/** The scores of every class, by the definitions. */
function allScores(p: readonly number[], part: number, lambda: number, free: number): number[] {
  return p.map((own, k) => {
    const above = p.filter((other, j) => other > own || (other === own && j < k));
    const rank = above.length + 1;
    return (
      above.reduce((sum, other) => sum + other, 0) + own - part * own + lambda * Math.max(0, rank - free)
    );
  });
}

describe('predictSets', () => {
  it.each(['lac', 'aps', 'raps'] as const)(
    '%s: every class whose score is at most the threshold',
    (score) => {
      const { logits, labels } = randomPredictions(1, 300, 6);
      const predictor = fitConformal(
        { logits, labels },
        { score, randomised: false, penalty: 0.03, freeRanks: 2 },
      );
      const fresh = randomPredictions(2, 50, 6);
      const sets = predictSets(predictor, { logits: fresh.logits });
      for (let row = 0; row < 50; row++) {
        const p = Array.from(fresh.probabilities.subarray(row * 6, row * 6 + 6));
        const scores =
          score === 'lac' ? p.map((own) => 1 - own) : allScores(p, 0, score === 'raps' ? 0.03 : 0, 2);
        const expected = [0, 1, 2, 3, 4, 5].filter((k) => scores[k]! <= predictor.thresholds[0]!);
        expect(Array.from(setOf(sets, row)).sort()).toEqual(expected);
      }
    },
  );

  it('puts the most probable class first, and lets it in alone where it is asked not to be empty', () => {
    const predictor = { ...fitConformal(randomLogits(3, 100, 3)), thresholds: [0.3] };
    const probabilities = [0.1, 0.6, 0.3, 0.05, 0.05, 0.9];
    expect(predictSets(predictor, { probabilities }).starts).toEqual(Int32Array.of(0, 0, 1));
    const sets = predictSets(predictor, { probabilities }, { nonEmpty: true });
    expect([setOf(sets, 0), setOf(sets, 1)].map((set) => [...set])).toEqual([[1], [2]]);
    const wide = predictSets({ ...predictor, thresholds: [0.95] }, { probabilities });
    expect([...setOf(wide, 0)]).toEqual([1, 2, 0]);
  });

  it('lets every class in where there are too few examples for the level', () => {
    const { probabilities, labels } = randomPredictions(4, 8, 3);
    const predictor = fitConformal({ probabilities, labels }, { alpha: 0.1 });
    expect(predictor.thresholds).toEqual([null]);
    expect(predictSets(predictor, { probabilities }).members).toHaveLength(24);
    expect(fitConformal({ probabilities, labels }, { alpha: 0.12 }).thresholds[0]).toBeGreaterThan(0);
  });

  it('is the same with the same seed, and another with another', () => {
    const given = randomLogits(5, 400, 5);
    const sets = (seed: number) =>
      predictSets(fitConformal(given, { score: 'aps', seed }), { logits: given.logits }).members;
    expect(sets(1)).toEqual(sets(1));
    expect(sets(1)).not.toEqual(sets(2));
  });
});

describe('coverage', () => {
  it.each(['lac', 'aps', 'raps'] as const)('%s: within its bounds on average', (score) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 2, max: 6 }),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (seed, classes, alpha, temperature) => {
          // The mean over many splits, whose bounds are 1 - alpha and 1 - alpha + 1 / (n + 1).
          const [size, splits] = [60, 40];
          let covered = 0;
          for (let split = 0; split < splits; split++) {
            const given = randomLogits(seed + split, 2 * size, classes, temperature);
            const half = (part: 0 | 1) => ({
              logits: given.logits.slice(part * size * classes, (part + 1) * size * classes),
              labels: given.labels.slice(part * size, (part + 1) * size),
            });
            const predictor = fitConformal(half(0), { alpha, score, seed: split });
            covered += scoreSets(predictSets(predictor, half(1)), half(1).labels).coverage / splits;
          }
          const spread = Math.sqrt((alpha * (1 - alpha) * 2) / (size * splits));
          expect(covered).toBeGreaterThan(1 - alpha - 4.5 * spread);
          expect(covered).toBeLessThan(1 - alpha + 1 / (size + 1) + 4.5 * spread);
        },
      ),
      { numRuns: 15, seed: 1 },
    );
  });

  it('holds for each class where each has its threshold', () => {
    const given = randomLogits(6, 6000, 3, 0.4);
    // Of class 2 a third is called something else: one threshold misses it too often.
    const labels = given.labels.map((label, row) => (row % 3 === 0 ? 2 : label));
    const scores = (byClass: boolean) => {
      const fitted = { logits: given.logits.slice(0, 9000), labels: labels.slice(0, 3000) };
      const sets = predictSets(fitConformal(fitted, { byClass }), { logits: given.logits.slice(9000) });
      return scoreSets(sets, labels.slice(3000)).coverageByClass as number[];
    };
    expect(Math.min(...scores(false))).toBeLessThan(0.86);
    scores(true).forEach((coverage) => expect(Math.abs(coverage - 0.9)).toBeLessThan(0.035));
  });
});

describe('scoreSets', () => {
  it('counts coverage and sizes', () => {
    const sets = { classes: 3, starts: Int32Array.of(0, 1, 3, 3, 4), members: Int32Array.of(2, 0, 1, 1) };
    expect(scoreSets(sets, [2, 1, 0, 0])).toEqual({
      coverage: 0.5,
      meanSize: 1,
      sizes: [1, 2, 1, 0],
      coverageBySize: [0, 0.5, 1, null],
      coverageByClass: [0, 1, 1],
    });
    expect(() => scoreSets(sets, [1])).toThrow('1 labels for 4 sets');
    expect(() => scoreSets(sets, [0, 1, 2, 3])).toThrow('labels[3] is 3');
  });
});

describe('a conformal predictor', () => {
  const given = randomLogits(7, 50, 4);

  it('comes back from JSON as it was', () => {
    const predictor = fitConformal(given, { score: 'raps', byClass: true, alpha: 0.2 });
    expect(parseConformal(JSON.stringify(predictor))).toEqual(predictor);
    expect(() => parseConformal({ ...predictor, version: 2 })).toThrow(/of version 2/);
    expect(() => parseConformal({ ...predictor, thresholds: [1, 2] })).toThrow(/"thresholds"/);
    expect(() => parseConformal('nothing')).toThrow('the conformal predictor is not JSON');
  });

  it.each<[object, RegExp]>([
    [{ alpha: 0 }, /alpha is 0/],
    [{ alpha: 1 }, /alpha is 1/],
    [{ score: 'best' }, /score is best/],
    [{ penalty: -1 }, /penalty is -1/],
    [{ freeRanks: 0.5 }, /freeRanks is 0.5/],
  ])('refuses %p', (options, message) => {
    expect(() => fitConformal(given, options)).toThrow(CalibrationError);
    expect(() => fitConformal(given, options)).toThrow(message);
  });

  it('takes probabilities as softmax gives them, in float32 too', () => {
    const probabilities = Float32Array.from(softmax(given.logits, 4));
    const [one] = fitConformal({ probabilities, labels: given.labels }).thresholds;
    expect(one).toBeCloseTo(fitConformal(given).thresholds[0]!, 6);
  });
});
