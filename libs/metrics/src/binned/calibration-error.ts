import type { Numbers, Outcomes, Predictions, Labels, SoftLabels } from '../inputs/types';
import type { Bare, Measure } from '../measure/measure';
import { defineEventMeasure } from '../measure/measure';
import type { BinOptions, CalibrationOptions } from './binning';
import { createBinner, resolveBins } from './binning';
import type { ResidualSums } from './sums';
import { meanOverBins, sumResiduals } from './sums';

/** Makes a measure of what the bins hold. */
function defineBinned<P = never>(
  name: string,
  valueOf: (sums: ResidualSums) => number,
  bare?: Bare,
): Measure<CalibrationOptions, P> {
  return defineEventMeasure<CalibrationOptions, P>(
    name,
    (events, options) => {
      const resolved = resolveBins(options);
      const binner = createBinner(events, resolved);
      return (counts) => valueOf(sumResiduals(events, binner(counts), resolved.bins, counts));
    },
    bare,
  );
}

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017, as in the label relaxation paper): the mean over bins of
 * |accuracy - mean confidence|, weighted by count, in [0, 1]. A confidence c belongs to bin min(floor(15 c), 14), its edge taken
 * in the type of the values; empty bins count nothing. As netcal; torchmetrics has float32 edges whatever the values' type is.
 * A bare array is taken for probabilities.
 *
 * Equal-mass bins lie between exact quantiles, an example on an edge in the lower one. scikit-learn's are rounded;
 * uncertainty-calibration and torch-uncertainty cut the sorted examples at every n/15, through equal confidences, too, so that
 * their error depends on the order of the data.
 */
export const expectedCalibrationError = defineBinned<Numbers>(
  'expectedCalibrationError',
  (sums) => meanOverBins(sums, (residual) => Math.abs(residual)),
  'probabilities',
);

/**
 * Root mean square calibration error: as the expected one, with the root of the weighted mean of the squared differences (Hendrycks
 * et al. 2019; torchmetrics `norm='l2'`). It is biased upwards: see `debiasedCalibrationError`.
 */
export const rootMeanSquareCalibrationError = defineBinned('rootMeanSquareCalibrationError', (sums) =>
  Math.sqrt(meanOverBins(sums, (residual, weight) => residual * (residual / weight))),
);

/** Maximum calibration error (Naeini et al. 2015; netcal's MCE): the largest |accuracy - mean confidence| of a bin. */
export const maximumCalibrationError = defineBinned('maximumCalibrationError', ({ weights, residuals }) =>
  residuals.reduce((most, residual, bin) => {
    const weight = weights[bin] as number;
    return weight > 0 ? Math.max(most, Math.abs(residual) / weight) : most;
  }, 0),
);

/**
 * The part of the expected calibration error that lies in bins whose confidence exceeds their accuracy; with `underconfidence` it
 * adds up to the whole.
 */
export const overconfidence = defineBinned('overconfidence', (sums) =>
  meanOverBins(sums, (residual) => Math.max(residual, 0)),
);

/** The part of the expected calibration error that lies in bins whose accuracy exceeds their confidence. */
export const underconfidence = defineBinned('underconfidence', (sums) =>
  meanOverBins(sums, (residual) => Math.max(-residual, 0)),
);

/** Expected calibration error of one event: `expectedCalibrationError({ event: confidences }, outcomes)`. */
export function calibrationError(confidences: Numbers, outcomes: Outcomes, options: BinOptions = {}): number {
  return expectedCalibrationError({ event: confidences }, outcomes, options);
}

/**
 * Class-wise (static) calibration error (Kull et al. 2019): the mean over all classes, also those without an example, of the
 * expected calibration error of that class's probability. `expectedCalibrationError` of each class.
 *
 * @param predictions a bare array is taken for probabilities
 */
export function classwiseCalibrationError(
  predictions: Predictions | Numbers,
  labels: Labels | SoftLabels,
  options: CalibrationOptions = {},
): number {
  return expectedCalibrationError(predictions, labels, { ...options, of: 'each_class' });
}
