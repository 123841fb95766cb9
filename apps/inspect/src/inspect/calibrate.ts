import type { Calibrator } from '@label-relaxation/calibration';
import { chooseCalibrator, fitCalibrator, transform } from '@label-relaxation/calibration';
import type { ScoredModel } from '@label-relaxation/confidence';
import { everyOther, logarithms } from '@label-relaxation/confidence';
import type { Method } from './messages';

/** A model before and after a calibrator, on examples that this was not fitted on. */
export interface Calibrated {
  readonly calibrator: Calibrator;
  readonly before: ScoredModel;
  readonly after: ScoredModel;
}

function half(model: ScoredModel, first: 0 | 1): ScoredModel {
  const { logits, labels, classNames } = model;
  const { values, ...kept } = everyOther({ values: logits, labels, classes: classNames.length }, first);
  return { ...model, ...kept, logits: values };
}

/**
 * Fits a calibrator on every other example, and applies it to the rest.
 *
 * @throws CalibrationError in one line where the examples are too few for the method
 */
export function calibrate(model: ScoredModel, method: Method): Calibrated {
  const { logits, labels } = half(model, 0);
  const examples = { logits, labels };
  const calibrator =
    method === 'best' ? chooseCalibrator(examples).calibrator : fitCalibrator(method, examples);
  const before = half(model, 1);
  const probabilities = transform(calibrator, { logits: before.logits });
  const after = {
    ...before,
    name: `${model.name}, ${calibrator.method}`,
    logits: logarithms(probabilities),
  };
  return { calibrator, before, after };
}
