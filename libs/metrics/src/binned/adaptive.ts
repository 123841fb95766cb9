import type { Events } from '../events/events';
import { eventsOf, ofEachClass } from '../events/events';
import { selectEvents } from '../events/select-events';
import { checkShare } from '../inputs/check';
import { defineMeasure } from '../measure/measure';
import type { CalibrationOptions } from './binning';
import { createBinner, resolveBins } from './binning';
import { sumResiduals } from './sums';

/** Options of `adaptiveCalibrationError`. */
export interface AdaptiveOptions extends Omit<CalibrationOptions, 'binning'> {
  /** Only probabilities above it count: the thresholded error (TACE). All count unless given. */
  readonly threshold?: number;
}

/** Numbers of the examples whose confidence is above a threshold. */
function numbersAbove({ confidences }: Events, threshold: number): Uint32Array {
  const numbers = new Uint32Array(confidences.length);
  let kept = 0;
  for (let i = 0; i < confidences.length; i++)
    if ((confidences[i] as number) > threshold) numbers[kept++] = i;
  return numbers.subarray(0, kept);
}

/**
 * Adaptive calibration error (Nixon et al. 2019): the mean over classes and over equal-mass bins, each counting the same, of
 * |accuracy - mean confidence|. With a threshold only probabilities above it are binned (TACE); a class that has none is left out of
 * the mean. A class's value is netcal's ACE of its column with `equal_intervals=False`; torch-uncertainty's adaptive error is
 * another one, the expected calibration error of the top label over equal-mass bins.
 *
 * Options as of `expectedCalibrationError`, but that `of` is `each_class` unless given.
 */
export const adaptiveCalibrationError = defineMeasure<Events, AdaptiveOptions>({
  name: 'adaptiveCalibrationError',
  reduce: (predictions, targets, options) =>
    eventsOf(predictions, targets, ofEachClass(predictions, options)),
  prepare: (events, { bins: wanted, threshold }) => {
    const { bins, binning } = resolveBins({ bins: wanted, binning: 'equal_mass' });
    const numbers = threshold === undefined ? null : numbersAbove(events, checkShare(threshold, 'threshold'));
    const kept = numbers === null ? events : selectEvents(events, numbers);
    const binner = createBinner(kept, { bins, binning });
    return (all) => {
      const counts = numbers === null ? all : Uint8Array.from(numbers, (example) => all[example] as number);
      const { weights, residuals } = sumResiduals(kept, binner(counts), bins, counts);
      let sum = 0;
      let filled = 0;
      for (let bin = 0; bin < bins; bin++) {
        const weight = weights[bin] as number;
        if (weight === 0) continue;
        sum += Math.abs(residuals[bin] as number) / weight;
        filled++;
      }
      return sum / filled;
    };
  },
});
