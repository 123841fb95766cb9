import type { Labels } from '@label-relaxation/data';
import { scatterSvg } from '@label-relaxation/plots';

/** How a network does on one class. */
export interface ClassFigures {
  readonly name: string;
  /** Examples of the class, and those that were predicted as it. */
  readonly examples: number;
  readonly predicted: number;
  /** Share of the class's examples that were found; null where it has none. */
  readonly recall: number | null;
  /** Share of those predicted as it that are right, and their mean confidence; null where nothing was. */
  readonly precision: number | null;
  readonly confidence: number | null;
}

/**
 * Figures of each class, by its name.
 *
 * @param probabilities [examples, classes] row by row
 */
export function figuresByClass(
  probabilities: Float64Array,
  labels: Labels,
  classNames: readonly string[],
): ClassFigures[] {
  const classes = classNames.length;
  const [examples, predicted, hits] = [0, 1, 2].map(() => new Uint32Array(classes)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const confidence = new Float64Array(classes);
  labels.forEach((label, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    let best = 0;
    for (let k = 1; k < classes; k++) if (own[k]! > own[best]!) best = k;
    examples[label]!++;
    predicted[best]!++;
    confidence[best]! += own[best]!;
    if (best === label) hits[label]!++;
  });
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return classNames.map((name, k) => ({
    name,
    examples: examples[k]!,
    predicted: predicted[k]!,
    recall: share(hits[k]!, examples[k]!),
    precision: share(hits[k]!, predicted[k]!),
    confidence: share(confidence[k]!, predicted[k]!),
  }));
}

/** A point for each class that was predicted: how sure of it the network is, and how often it is right. */
export function classesSvg(figures: readonly ClassFigures[], title: string): string | null {
  const points = figures.flatMap(({ name, precision, confidence, predicted }) =>
    precision === null || confidence === null
      ? []
      : [{ x: confidence, y: precision, label: `${name}: ${predicted} predicted` }],
  );
  if (points.length === 0) return null;
  const axes = { xLabel: 'mean confidence', yLabel: 'share that is right' };
  return scatterSvg([{ label: 'predicted class', points }], { title, ...axes });
}
