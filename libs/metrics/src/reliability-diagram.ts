import type { Bin } from './bins';
import { fillBins, weightedGap } from './bins';
import type { CalibrationOptions } from './calibration-error';
import { resolveOptions } from './calibration-error';
import type { Labels, Numbers } from './inputs';
import { topLabel } from './top-label';

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

/**
 * Accuracy against confidence, bin by bin (Niculescu-Mizil and Caruana 2005): for each bin its range, count, mean confidence,
 * accuracy and their gap, null where the bin is empty.
 *
 * @param probabilities examples x classes, row-major, rows summing to 1
 * @param labels class numbers from 0
 * @throws MetricsError on empty or mismatched input, rows that are no distribution, labels out of range
 */
export function reliabilityDiagram(
  probabilities: Numbers,
  labels: Labels,
  options: CalibrationOptions = {},
): ReliabilityDiagram {
  const { bins, binning } = resolveOptions(options);
  const { confidences, correct } = topLabel(probabilities, labels);
  const filled = fillBins(confidences, correct, bins, binning);
  let hits = 0;
  let mass = 0;
  for (let row = 0; row < correct.length; row++) {
    hits += correct[row] as number;
    mass += confidences[row] as number;
  }
  return {
    examples: correct.length,
    accuracy: hits / correct.length,
    confidence: mass / correct.length,
    ece: weightedGap(filled),
    bins: filled,
  };
}
