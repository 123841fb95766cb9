import { percentileInterval } from '../bootstrap/interval';
import { resample } from '../bootstrap/resample';
import { MetricsError } from '../errors';
import type { EventOptions, Events } from '../events/events';
import { singleEvent } from '../events/events';
import { checkWhole } from '../inputs/check';
import type { EventPredictions, Predictions, Targets } from '../inputs/types';
import type { Counts } from '../measure/measure';
import { cosineSums } from '../numerics/cosine-sums';
import { randomStream } from '../numerics/random';
import { addToMesh, heatSmoothed } from './heat-kernel';
import { smoothCalibrationError } from './smooth-calibration-error';

/** Options of `reliabilityCurve`. */
export interface ReliabilityCurveOptions extends EventOptions {
  /** Bandwidth of the kernel, 0.01 at least; the smooth calibration error unless given. */
  readonly bandwidth?: number;
  /** Resamples of the band; 200 unless given, 0 for no band. */
  readonly draws?: number;
  /** Whole number that the resamples follow from; 0 unless given. */
  readonly seed?: number;
  /** Share of the resampled curves within the band at each confidence; 0.95 unless given. */
  readonly level?: number;
}

/** Accuracy as a smooth function of confidence; null where too few examples have about that confidence. */
export interface ReliabilityCurve {
  readonly bandwidth: number;
  readonly confidence: readonly number[];
  readonly accuracy: readonly (number | null)[];
  /** Ends of the bootstrap band; null where none was asked for. */
  readonly lower: readonly (number | null)[] | null;
  readonly upper: readonly (number | null)[] | null;
}

const mesh = 1024;
const points = 256;
const leastBandwidth = 0.01;

/** Examples that a point of the curve must rest on. */
const fewest = 5;

/** Smoothed masses of all examples and of the right ones. */
function masses({ size, confidences, outcomes, weights }: Events, counts: Counts | null, sigma: number) {
  const all = new Float64Array(mesh + 1);
  const right = new Float64Array(mesh + 1);
  for (let i = 0; i < size; i++) {
    const weight = (counts === null ? 1 : counts[i]!) * (weights === null ? 1 : weights[i]!);
    if (weight === 0) continue;
    addToMesh(all, confidences[i]!, weight);
    addToMesh(right, confidences[i]!, weight * outcomes[i]!);
  }
  const smoothed = (values: Float64Array) => heatSmoothed(cosineSums(values), sigma, points);
  return { all: smoothed(all), right: smoothed(right) };
}

/**
 * The smooth reliability diagram (Błasiok and Nakkiran 2023): at each confidence the mean outcome of the examples, weighted by a
 * Gaussian reflected at 0 and 1, as in relplot; its bandwidth is the smooth calibration error, or 0.01 where that is smaller. The
 * band is that of the percentile bootstrap at each confidence, the bandwidth held.
 *
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range, options that make no sense
 */
export function reliabilityCurve(
  predictions: Predictions | EventPredictions,
  targets: Targets,
  options: ReliabilityCurveOptions = {},
): ReliabilityCurve {
  const { draws = 200, seed = 0, level = 0.95, bandwidth: given, ...event } = options;
  checkWhole(draws, 'draws', 0);
  if (!Number.isInteger(seed)) throw new MetricsError(`seed is ${seed}: expected a whole number`);
  if (!(level > 0 && level < 1))
    throw new MetricsError(`level is ${level}: expected a number between 0 and 1`);
  const events = singleEvent(predictions, targets, event);
  const wanted = smoothCalibrationError(predictions, targets, {
    ...event,
    ...(given === undefined ? {} : { bandwidth: given }),
  });
  const bandwidth = Math.max(given ?? wanted, leastBandwidth);
  const { all, right } = masses(events, null, bandwidth);
  const total = events.weights === null ? events.size : events.weights.reduce((sum, w) => sum + w, 0);
  // A Gaussian's square has the integral 1 / (2 sqrt(pi) sigma): so many examples would give the same variance.
  const perMass = (events.size / total) * 2 * Math.sqrt(Math.PI) * bandwidth;
  const isDrawn = Array.from(all, (mass) => mass * perMass >= fewest);
  const share = (part: number, whole: number) => Math.min(1, Math.max(0, part / whole));
  const confidence = Array.from(all, (_, i) => i / points);
  const accuracy = confidence.map((_, i) => (isDrawn[i] ? share(right[i]!, all[i]!) : null));
  if (draws === 0) return { bandwidth, confidence, accuracy, lower: null, upper: null };

  const curves = Array.from({ length: draws }, (_, draw) => {
    const counts = new Uint8Array(events.size);
    resample(counts, randomStream(seed, draw));
    return masses(events, counts, bandwidth);
  });
  const bands = confidence.map((_, i) =>
    isDrawn[i]
      ? percentileInterval(
          Float64Array.from(curves, (curve) => share(curve.right[i]!, curve.all[i]!)),
          level,
        )
      : null,
  );
  const end = (side: 0 | 1) => bands.map((band) => band && band[side]);
  return { bandwidth, confidence, accuracy, lower: end(0), upper: end(1) };
}
