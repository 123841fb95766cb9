import { coverageAtRisk, reliabilityDiagram } from '@label-relaxation/metrics';
import { answerOf, firstRisk, inCases, percent, risks, thresholdAt } from './answer';

/** Numbers in [0, 1) that lie evenly. */
const spread = (i: number, step: number) => (i * step) % 1;
/** Two classes; the more confident, the more often right. */
const confidences = Array.from({ length: 2000 }, (_, i) => 0.5 + spread(i, 0.618034) / 2);
const labels = confidences.map((p, i) => (spread(i, 0.754878) < 1 - 2 * (1 - p) ** 2 ? 0 : 1));
const probabilities = confidences.flatMap((confidence) => [confidence, 1 - confidence]);
const diagram = reliabilityDiagram(probabilities, labels);

describe('thresholdAt', () => {
  it.each([0.02, 0.05, 0.1])(
    'keeps the share of wrong answers to %d, and answers as often as it can',
    (risk) => {
      const threshold = thresholdAt(diagram, risk)!;
      const answered = confidences.flatMap((confidence, i) =>
        confidence >= threshold.confidence ? [labels[i]!] : [],
      );
      expect(threshold.answered).toBeCloseTo(answered.length / 2000, 9);
      expect(threshold.risk).toBeCloseTo(answered.filter((label) => label !== 0).length / answered.length, 9);
      expect(threshold.risk).toBeLessThanOrEqual(risk);
      const most = coverageAtRisk({ probabilities }, labels, { risk });
      expect(threshold.answered).toBeLessThanOrEqual(most);
      // A bin is a fifteenth of the range from 0 to 1, and so 2/15 of these confidences.
      expect(threshold.answered).toBeGreaterThan(most - 2 / 15);
    },
  );

  it('answers always where that is right often enough, and never where nothing is', () => {
    expect(thresholdAt(diagram, 0.5)).toMatchObject({ confidence: 0, answered: 1 });
    expect(thresholdAt(reliabilityDiagram([0.9, 0.1], [1]), 0.2)).toBeNull();
  });

  it('begins next to 1% where half of the examples can be answered at that', () => {
    expect(firstRisk([diagram])).toBe(0.05);
    expect(firstRisk([diagram, reliabilityDiagram([0.9, 0.1], [1])])).toBeNull();
    expect(firstRisk([])).toBe(0.01);
    expect(risks).toContain(0.01);
  });
});

describe('answerOf', () => {
  const names = ['a', 'b', 'c', 'd'];
  const says = (best: number, set: readonly string[] | null, threshold?: number | null) => {
    const found = Float32Array.from(names, (_, k) => (k === 1 ? best : (1 - best) / 3));
    const prediction = { label: 'b', best: 1, confidence: found[1]!, probabilities: found, set };
    const rule = typeof threshold === 'number' ? { confidence: threshold, answered: 1, risk: 0 } : threshold;
    return answerOf(prediction, names, rule);
  };

  it('is the best class, or why there is none', () => {
    expect(says(0.75, ['b'])).toEqual({ label: 'b', doubt: null });
    expect(says(0.75, null, 0.5)).toEqual({ label: 'b', doubt: null });
    expect(says(0.75, ['b', 'c'])).toMatchObject({ label: 'b' });
    expect(says(0.75, ['b'], 0.8)).toEqual({ doubt: '75% is below 80%.' });
    expect(says(0.75, [])).toEqual({ doubt: 'No class is like it: the set is empty.' });
    expect(says(0.75, ['b', 'a', 'c'])).toEqual({ doubt: 'It could be any of 3 classes.' });
    expect(says(0.75, ['b'], null)).toEqual({
      doubt: 'Even its most confident answers were wrong more often than that.',
    });
  });

  it('is told in words', () => {
    expect([1, 0.99999, 0.983, 0.5, 0.0001, 0].map(percent)).toEqual([
      '100%',
      '> 99.9%',
      '98.3%',
      '50%',
      '< 0.1%',
      '0%',
    ]);
    expect([0.1, 0.05, 0.01, 0.025].map(inCases)).toEqual([
      '9 of 10',
      '19 of 20',
      '99 of 100',
      '975 of 1000',
    ]);
  });
});
