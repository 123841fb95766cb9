import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrationMethods, parseCalibrator, parseConformal, predictSets, transform } from '../src';

interface Written {
  logits: number[];
  calibrators: { calibrator: { method: string }; probabilities: number[] }[];
  conformal: { predictor: unknown; starts: number[]; members: number[] }[];
}

/** What version 1 wrote, and what it gave: every later version is to read it and to give the same. */
const { logits, calibrators, conformal } = JSON.parse(
  readFileSync(join(__dirname, 'fixtures/written-v1.json'), 'utf8'),
) as Written;

it('there is one of each method', () => {
  expect(calibrators.map(({ calibrator }) => calibrator.method)).toEqual(calibrationMethods);
});

it.each(calibrators)(
  '$calibrator.method of version 1 still calibrates as it did',
  ({ calibrator, probabilities }) => {
    const found = transform(parseCalibrator(calibrator), { logits });
    found.forEach((p, i) => expect(p).toBeCloseTo(probabilities[i]!, 9));
  },
);

it.each(conformal)('prediction sets of version 1 stay as they were', ({ predictor, starts, members }) => {
  const sets = predictSets(parseConformal(predictor), { logits });
  expect(Array.from(sets.starts)).toEqual(starts);
  expect(Array.from(sets.members)).toEqual(members);
});
