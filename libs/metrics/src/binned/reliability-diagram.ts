import { singleEvent } from '../events/events';
import type { EventPredictions, Numbers, Predictions, Targets } from '../inputs/types';
import { sayKind } from '../measure/measure';
import type { CalibrationOptions } from './binning';
import { createBinner, equalMassEdges, equalWidthEdges, resolveBins } from './binning';
import { expectedCalibrationError } from './calibration-error';

/** What a bin holds. `confidence` and `accuracy` are (weighted) means over its examples, null in an empty bin. */
export interface Bin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly confidence: number | null;
  readonly accuracy: number | null;
  /** confidence - accuracy: positive where the model is overconfident. */
  readonly gap: number | null;
}

/** Everything that a reliability diagram shows, as plain JSON. */
export interface ReliabilityDiagram {
  /** Number of examples. */
  readonly examples: number;
  readonly accuracy: number;
  /** Mean confidence of the predicted class. */
  readonly confidence: number;
  /** Expected calibration error over these bins. */
  readonly ece: number;
  readonly bins: readonly Bin[];
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/**
 * Accuracy against confidence, bin by bin (Niculescu-Mizil and Caruana 2005): for each bin its range, count, mean confidence,
 * accuracy and their gap, null where the bin is empty. Of a class or an event, `accuracy` is how often it happened.
 *
 * @param predictions a bare array is taken for probabilities
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function reliabilityDiagram(
  predictions: Predictions | EventPredictions | Numbers,
  targets: Targets,
  options: CalibrationOptions & { readonly of?: 'top_label' | number } = {},
): ReliabilityDiagram {
  const resolved = resolveBins(options);
  const events = singleEvent(sayKind(predictions, 'probabilities'), targets, options);
  const { size, confidences, outcomes, weights } = events;
  const places = createBinner(events, resolved)(new Uint8Array(size).fill(1));
  const counts = new Uint32Array(resolved.bins);
  const [masses, confidence, accuracy] = [0, 1, 2].map(() => new Float64Array(resolved.bins)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < size; i++) {
    const bin = places[i] as number;
    const weight = weights === null ? 1 : (weights[i] as number);
    counts[bin]!++;
    masses[bin]! += weight;
    confidence[bin]! += weight * (confidences[i] as number);
    accuracy[bin]! += weight * (outcomes[i] as number);
  }
  const total = sum(masses);
  const edges = (resolved.binning === 'equal_mass' ? equalMassEdges : equalWidthEdges)(events, resolved.bins);
  return {
    examples: size,
    accuracy: sum(accuracy) / total,
    confidence: sum(confidence) / total,
    ece: expectedCalibrationError({ event: confidences }, outcomes, {
      ...resolved,
      ...(weights === null ? {} : { weights }),
    }),
    bins: Array.from(counts, (count, k): Bin => {
      const range = { lower: edges[k] as number, upper: edges[k + 1] as number, count };
      const mass = masses[k] as number;
      if (mass === 0) return { ...range, confidence: null, accuracy: null, gap: null };
      const [confident, right] = [confidence[k] as number, accuracy[k] as number];
      return {
        ...range,
        confidence: confident / mass,
        accuracy: right / mass,
        gap: (confident - right) / mass,
      };
    }),
  };
}
