import type { Calibrator } from '@label-relaxation/calibration';
import { chooseCalibrator, fitCalibrator, transform } from '@label-relaxation/calibration';
import type { ScoredModel } from '@label-relaxation/confidence';
import { logarithms } from '@label-relaxation/confidence';
import type { Method } from './messages';

/** A model before and after a calibrator, on examples that this was not fitted on. */
export interface Calibrated {
  readonly calibrator: Calibrator;
  readonly before: ScoredModel;
  readonly after: ScoredModel;
}

/** Every other example, from the first or the second on. */
export function everyOther(model: ScoredModel, first: 0 | 1): ScoredModel {
  const { logits, labels, classNames } = model;
  const classes = classNames.length;
  const numbers = Int32Array.from(
    { length: Math.floor((labels.length - first + 1) / 2) },
    (_, i) => 2 * i + first,
  );
  const kept = new Float32Array(numbers.length * classes);
  numbers.forEach((row, i) => kept.set(logits.subarray(row * classes, (row + 1) * classes), i * classes));
  return { ...model, logits: kept, labels: Uint32Array.from(numbers, (row) => labels[row]!), numbers };
}

/**
 * Fits a calibrator on every other example, and applies it to the rest.
 *
 * @throws CalibrationError in one line where the examples are too few for the method
 */
export function calibrate(model: ScoredModel, method: Method): Calibrated {
  const { logits, labels } = everyOther(model, 0);
  const examples = { logits, labels };
  const calibrator =
    method === 'best' ? chooseCalibrator(examples).calibrator : fitCalibrator(method, examples);
  const before = everyOther(model, 1);
  const probabilities = transform(calibrator, { logits: before.logits });
  const after = {
    ...before,
    name: `${model.name}, ${calibrator.method}`,
    logits: logarithms(probabilities),
  };
  return { calibrator, before, after };
}
