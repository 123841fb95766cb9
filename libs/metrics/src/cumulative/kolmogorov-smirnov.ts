import { defineEventMeasure } from '../measure/measure';
import type { EventOptions } from '../events/events';
import { cumulativeDifferences } from './differences';

/**
 * Kolmogorov-Smirnov calibration error (Gupta et al. 2021): the largest |sum of (outcome - confidence)| over the examples up to a
 * confidence, divided by their number; it needs no bins. Examples of equal confidence are added together, so that the order of the
 * data does not matter: MAPIE (its statistic times its scale) jitters them, probmetrics takes them as they come.
 */
export const kolmogorovSmirnovError = defineEventMeasure<EventOptions>('kolmogorovSmirnovError', (events) => {
  const extremes = cumulativeDifferences(events);
  return (counts) => {
    const { highest, lowest } = extremes(counts);
    return Math.max(highest, -lowest);
  };
});

/**
 * Kuiper's calibration error (Arrieta-Ibarra et al. 2022, ECCE-R): the range of the cumulated differences, the sum of none, 0,
 * counted in, as in the paper and in probmetrics; MAPIE leaves it out.
 */
export const kuiperError = defineEventMeasure<EventOptions>('kuiperError', (events) => {
  const extremes = cumulativeDifferences(events);
  return (counts) => {
    const { highest, lowest } = extremes(counts);
    return highest - lowest;
  };
});
