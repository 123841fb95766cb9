import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import {
  calibrationMethods,
  fitCalibrator,
  fitConformal,
  parseCalibrator,
  parseConformal,
  predictSets,
  transform,
} from '../src';
import { randomPredictions } from './predictions';

jest.setTimeout(3_600_000);

const classes = 3;
const { logits, probabilities, labels } = randomPredictions(5, 300, classes);
const few = { logits: logits.subarray(0, 10 * classes) };
const runs = tries(40, 4_000);
const refusals = ['CalibrationError', 'MetricsError'];

/** What a calibrator gives must be distributions, of whatever its file has become. */
function calibrate(json: unknown): Float64Array {
  return transform(parseCalibrator(json), few);
}

function checkRows(rows: Float64Array): void {
  expect(rows).toHaveLength(few.logits.length);
  for (let row = 0; row < rows.length; row += classes) {
    const sum = rows.subarray(row, row + classes).reduce((total, p) => total + p, 0);
    expect(sum).toBeCloseTo(1, 6);
  }
}

it.each(calibrationMethods)(
  'a damaged %s calibrator gives probabilities, or is refused in one line',
  async (method) => {
    const whole = fitCalibrator(method, { logits, labels });
    const text = Buffer.from(JSON.stringify(whole));
    const ofValues = await fuzz({
      ...{ inputs: jsonDamage, runs, refusals, check: checkRows },
      read: (changes) => calibrate(damagedJson(whole, changes)),
    });
    const ofBytes = await fuzz({
      ...{ inputs: damage, runs, refusals, check: checkRows },
      read: (edits) => calibrate(damaged(text, edits).toString()),
    });
    for (const { taken, refused } of [ofValues, ofBytes])
      expect([taken > 0, refused > 0]).toEqual([true, true]);
  },
);

it('a damaged conformal predictor gives sets of classes, or is refused in one line', async () => {
  const whole = fitConformal({ probabilities, labels }, { alpha: 0.1, score: 'raps', byClass: true });
  const { taken, refused } = await fuzz({
    ...{ inputs: jsonDamage, runs: 4 * runs, refusals },
    read: (changes) => predictSets(parseConformal(damagedJson(whole, changes)), few),
    check: ({ members, starts }) => {
      expect(starts).toHaveLength(11);
      expect(members.every((label) => label < classes)).toBe(true);
    },
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});
