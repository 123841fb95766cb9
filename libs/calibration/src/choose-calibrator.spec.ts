import { randomPredictions } from '../test/predictions';
import { fitCalibrator, transform } from './calibrator';
import { chooseCalibrator } from './choose-calibrator';
import { CalibrationError } from './errors';
import { foldsOf, logLoss } from './folds';
import { readExamples } from './inputs';

describe('chooseCalibrator', () => {
  it('takes temperature scaling where a temperature is all that is wrong', () => {
    const { logits, labels } = randomPredictions(1, 600, 4, 2);
    const { calibrator, scores } = chooseCalibrator(
      { logits, labels },
      { methods: ['temperature', 'histogram', 'matrix', 'isotonic'] },
    );
    expect(calibrator).toEqual(fitCalibrator('temperature', { logits, labels }));
    expect(scores[0]!.method).toBe('temperature');
    expect(scores).toHaveLength(4);
  });

  it('takes more where a class is called too often', () => {
    const { logits, labels } = randomPredictions(2, 600, 4, 2);
    const biased = logits.map((logit, i) => logit + (i % 4 === 0 ? 3 : 0));
    const { calibrator, scores } = chooseCalibrator(
      { logits: biased, labels },
      { methods: ['temperature', 'svector', 'vector'] },
    );
    expect(['svector', 'vector']).toContain(calibrator.method);
    expect(scores.at(-1)!.method).toBe('temperature');
  });

  it('scores each method on the folds that it has not seen', () => {
    const { logits, labels } = randomPredictions(3, 90, 3);
    const [score] = chooseCalibrator({ logits, labels }, { methods: ['svector'], folds: 3, seed: 5 }).scores;
    const parts = [...foldsOf(readExamples({ logits, labels }), 3, 5)];
    const total = parts.reduce((sum, { fitted, heldOut }) => {
      const given = { logits: fitted.values, labels: fitted.labels };
      return sum + logLoss(transform(fitCalibrator('svector', given), { logits: heldOut.values }), heldOut);
    }, 0);
    expect(score!.nll).toBeCloseTo(total / 90, 12);
    expect(parts.map(({ heldOut }) => heldOut.size)).toEqual([30, 30, 30]);
    expect(parts.flatMap(({ heldOut }) => [...heldOut.labels]).sort()).toEqual([...labels].sort());
  });

  it('passes over a method that refuses, and says why where all do', () => {
    const { logits } = randomPredictions(4, 60, 3);
    const labels = Array.from({ length: 60 }, (_, row) => row % 2);
    const { scores } = chooseCalibrator({ logits, labels }, { methods: ['isotonic', 'temperature'] });
    expect(scores.map(({ method }) => method)).toEqual(['temperature', 'isotonic']);
    expect(scores[1]).toEqual({
      method: 'isotonic',
      nll: null,
      refused: expect.stringMatching(/class 2 has none/),
    });
    const all = () => chooseCalibrator({ logits, labels }, { methods: ['isotonic', 'beta'] });
    expect(all).toThrow(CalibrationError);
    expect(all).toThrow(/no method can be chosen: isotonic regression: it needs/);
    expect(() => chooseCalibrator({ logits, labels }, { folds: 61 })).toThrow(
      'folds is 61: expected 2 to 60',
    );
  });

  it('does not choose a method that calls what happened impossible', () => {
    const { logits, labels } = randomPredictions(5, 60, 3, 1);
    const { scores } = chooseCalibrator(
      { logits, labels },
      { methods: ['isotonic', 'temperature'], folds: 10 },
    );
    expect(scores.at(-1)).toEqual({ method: 'isotonic', nll: null, refused: null });
  });
});
