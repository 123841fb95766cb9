import type { Events } from '../events/events';
import type { Counts } from '../measure/measure';
import { defineEventMeasure } from '../measure/measure';
import type { CalibrationOptions, Places } from './binning';
import { createBinner, resolveBins } from './binning';

/** Options of `debiasedCalibrationError`. */
export interface DebiasedOptions extends CalibrationOptions {
  /** The estimate of the squared error itself, which has no bias and may hence be below 0, in place of its root. */
  readonly squared?: boolean;
}

/** Of each bin, one after the other: the sums of w, w^2, w (confidence - outcome), w outcome and w outcome^2. */
const moments = 5;

function sumMoments(events: Events, places: Places, bins: number, counts: Counts): Float64Array {
  const { size, confidences, outcomes, weights } = events;
  const sums = new Float64Array(moments * bins);
  for (let i = 0; i < size; i++) {
    const at = moments * (places[i] as number);
    const own = weights === null ? 1 : (weights[i] as number);
    const weight = (counts[i] as number) * own;
    const outcome = outcomes[i] as number;
    sums[at] = (sums[at] as number) + weight;
    sums[at + 1] = (sums[at + 1] as number) + weight * own;
    sums[at + 2] = (sums[at + 2] as number) + weight * ((confidences[i] as number) - outcome);
    sums[at + 3] = (sums[at + 3] as number) + weight * outcome;
    sums[at + 4] = (sums[at + 4] as number) + weight * outcome * outcome;
  }
  return sums;
}

/**
 * (accuracy - confidence)^2 less the variance of the accuracy, which is accuracy (1 - accuracy) / (n - 1) of n examples of one
 * weight. Of weighted ones, n is the number of equal ones whose mean would vary as much.
 */
function squaredError(
  weight: number,
  squares: number,
  residual: number,
  outcome: number,
  square: number,
): number {
  const examples = (weight * weight) / squares;
  if (!(examples > 1)) return 0;
  const accuracy = outcome / weight;
  const variance = Math.max(square / weight - accuracy * accuracy, 0);
  return (residual / weight) ** 2 - variance / (examples - 1);
}

/**
 * Debiased root mean square calibration error (Kumar, Liang and Ma 2019): of each bin's squared difference the variance of its
 * accuracy is taken off, so that a calibrated model gets about 0 whatever the number of examples; where the sum is below 0 the root
 * is 0. Bins are of equal mass unless `binning` says otherwise. A bin of one example, whose variance is unknown, adds nothing, as in
 * the authors' uncertainty-calibration.
 */
export const debiasedCalibrationError = defineEventMeasure<DebiasedOptions>(
  'debiasedCalibrationError',
  (events, { squared = false, bins: wanted, binning: asked = 'equal_mass' }) => {
    const { bins, binning } = resolveBins({ bins: wanted, binning: asked });
    const binner = createBinner(events, { bins, binning });
    return (counts) => {
      const sums = sumMoments(events, binner(counts), bins, counts);
      let error = 0;
      let total = 0;
      for (let at = 0; at < sums.length; at += moments) {
        const [weight, squares, residual, outcome, square] = sums.subarray(at, at + moments) as unknown as [
          number,
          number,
          number,
          number,
          number,
        ];
        error += weight * squaredError(weight, squares, residual, outcome, square);
        total += weight;
      }
      return squared ? error / total : Math.sqrt(Math.max(error, 0) / total);
    };
  },
);
