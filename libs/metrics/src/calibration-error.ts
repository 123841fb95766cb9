import type { Binning } from './bins';
import { fillBins, weightedGap } from './bins';
import { MetricsError } from './errors';
import type { Labels, Numbers } from './inputs';
import { checkBins, checkEvents, checkProbabilities } from './inputs';
import { topLabel } from './top-label';

/** How confidences are binned. */
export interface CalibrationOptions {
  /** Number of bins; 15, as in the paper, unless given. */
  readonly bins?: number;
  /** `equal_width` (the paper's) unless given. */
  readonly binning?: Binning;
}

/** The options with their defaults, checked. */
export function resolveOptions({ bins = 15, binning = 'equal_width' }: CalibrationOptions): {
  bins: number;
  binning: Binning;
} {
  checkBins(bins);
  if (binning !== 'equal_width' && binning !== 'equal_mass') {
    throw new MetricsError(`binning is ${String(binning)}: expected equal_width or equal_mass`);
  }
  return { bins, binning };
}

/**
 * Expected calibration error of one event: the mean over bins, weighted by count, of |mean probability - frequency|, in
 * [0, 1]. For a binary classifier give the positive class's probabilities and labels; for top-label calibration the
 * confidences and whether the prediction was right.
 *
 * @param confidences probability of the event for each example
 * @param outcomes whether the event happened: 0 or 1
 * @throws MetricsError on empty or mismatched input, probabilities outside [0, 1], outcomes other than 0 and 1
 */
export function calibrationError(
  confidences: Numbers,
  outcomes: ArrayLike<number | boolean>,
  options: CalibrationOptions = {},
): number {
  const { bins, binning } = resolveOptions(options);
  checkEvents(confidences, outcomes);
  return weightedGap(fillBins(confidences, outcomes, bins, binning));
}

/**
 * Expected calibration error of the predicted class (Guo et al. 2017, as in the label relaxation paper): the mean over bins
 * of |accuracy - mean confidence|, weighted by count, in [0, 1]. A confidence c belongs to bin min(floor(15 c), 14).
 *
 * @param probabilities examples x classes, row-major, rows summing to 1; a Float32Array is binned in float32
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function expectedCalibrationError(
  probabilities: Numbers,
  labels: Labels,
  options: CalibrationOptions = {},
): number {
  const { bins, binning } = resolveOptions(options);
  const { confidences, correct } = topLabel(probabilities, labels);
  return weightedGap(fillBins(confidences, correct, bins, binning));
}

/**
 * Class-wise (static) calibration error (Kull et al. 2019): the mean over all classes, also those without an example, of the
 * calibration error of that class's probability, in [0, 1].
 *
 * @param probabilities examples x classes, row-major, rows summing to 1
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function classwiseCalibrationError(
  probabilities: Numbers,
  labels: Labels,
  options: CalibrationOptions = {},
): number {
  const { bins, binning } = resolveOptions(options);
  const classes = checkProbabilities(probabilities, labels);
  const column =
    probabilities instanceof Float32Array ? new Float32Array(labels.length) : new Float64Array(labels.length);
  const present = new Uint8Array(labels.length);
  let total = 0;
  for (let k = 0; k < classes; k++) {
    for (let row = 0; row < labels.length; row++) {
      column[row] = probabilities[row * classes + k] as number;
      present[row] = labels[row] === k ? 1 : 0;
    }
    total += weightedGap(fillBins(column, present, bins, binning));
  }
  return total / classes;
}
