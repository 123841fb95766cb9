import { MetricsError } from '../errors';
import { cumulativeDifferences } from '../cumulative/differences';
import { largestSizeTail, rangeTail } from './brownian';
import type { EventOptions, Events } from '../events/events';
import { singleEvent } from '../events/events';
import type { EventPredictions, Predictions, Targets } from '../inputs/types';
import { normalTail } from '../numerics/normal';

/** A test of the hypothesis that the event happens as often as predicted. */
export interface CalibrationTest {
  readonly statistic: number;
  /** Chance of a statistic at least as extreme if the predictions are calibrated. */
  readonly pValue: number;
}

/** Options of the tests: the top label, unless `of` is a class. */
export interface TestOptions extends EventOptions {
  readonly of?: 'top_label' | number;
}

function readEvents(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: TestOptions,
): Events {
  const events = singleEvent(predictions, targets, options);
  if (!(events.outcomes instanceof Uint8Array)) {
    throw new MetricsError('outcomes are shares: a test needs 0 or 1, or labels that are class numbers');
  }
  return events;
}

/** Weighted sums over the examples. */
function sumOver(
  { size, confidences, outcomes, weights }: Events,
  term: (p: number, y: number, w: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += term(
      confidences[i] as number,
      outcomes[i] as number,
      weights === null ? 1 : (weights[i] as number),
    );
  }
  return sum;
}

/** A difference over its standard deviation; 0 where both are. */
function standardised(difference: number, deviation: number): number {
  return difference === 0 ? 0 : difference / deviation;
}

/**
 * Spiegelhalter's z (Spiegelhalter 1986): sum of (y - p)(1 - 2p) over its standard deviation if y happens with chance p, with the
 * two-sided p-value: above 0 the Brier score is worse than the predictions promise, below 0 better, and both speak against
 * calibration. MAPIE's statistic is the same, its p-value that of z being greater. Predictions of exactly 0, 1/2
 * and 1 alone leave nothing to test: z is 0 where they hold, and infinite where a certain one failed.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range, soft labels
 */
export function spiegelhalterTest(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: TestOptions = {},
): CalibrationTest {
  const events = readEvents(predictions, targets, options);
  const difference = sumOver(events, (p, y, w) => w * (y - p) * (1 - 2 * p));
  const variance = sumOver(events, (p, _, w) => w * w * (1 - 2 * p) ** 2 * p * (1 - p));
  const statistic = standardised(difference, Math.sqrt(Math.max(variance, 0)));
  return { statistic, pValue: 2 * normalTail(Math.abs(statistic)) };
}

/** What `of` the cumulated differences is tested, over the standard deviation of their last one. */
function cumulativeStatistic(events: Events, of: (highest: number, lowest: number) => number): number {
  const { highest, lowest } = cumulativeDifferences(events)(new Uint8Array(events.size).fill(1));
  const variance = sumOver(events, (p, _, w) => w * w * p * (1 - p));
  const total = sumOver(events, (_p, _y, w) => w);
  return standardised(of(highest, lowest), Math.sqrt(Math.max(variance, 0)) / total);
}

/**
 * Kolmogorov and Smirnov's test of calibration (Arrieta-Ibarra et al. 2022, ECCE-MAD): `kolmogorovSmirnovError` over its scale, the
 * root of sum p (1 - p) over n, and the chance that the largest size of a standard Brownian motion exceeds it. As MAPIE, which
 * jitters equal confidences.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range, soft labels
 */
export function kolmogorovSmirnovTest(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: TestOptions = {},
): CalibrationTest {
  const events = readEvents(predictions, targets, options);
  const statistic = cumulativeStatistic(events, (highest, lowest) => Math.max(highest, -lowest));
  return { statistic, pValue: largestSizeTail(statistic) };
}

/**
 * Kuiper's test of calibration (Arrieta-Ibarra et al. 2022, ECCE-R): `kuiperError` over the same scale, and the chance that the
 * range of a standard Brownian motion exceeds it.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range, soft labels
 */
export function kuiperTest(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: TestOptions = {},
): CalibrationTest {
  const events = readEvents(predictions, targets, options);
  const statistic = cumulativeStatistic(events, (highest, lowest) => highest - lowest);
  return { statistic, pValue: rangeTail(statistic) };
}
