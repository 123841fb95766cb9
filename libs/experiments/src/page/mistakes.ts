import type { Labels } from '@label-relaxation/data';

/** An example that is taken for another class. */
export interface Mistake {
  /** Its place among the scored examples. */
  readonly row: number;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
  /** The most probable classes, the first first, and their probabilities. */
  readonly best: readonly (readonly [k: number, probability: number])[];
}

/** Classes that are told of each mistake. */
const told = 3;

/**
 * The wrong predictions of the highest confidence, the most confident first.
 *
 * @param probabilities [examples, classes]
 */
export function confidentMistakes(
  probabilities: Float64Array,
  labels: Labels,
  classes: number,
  most: number,
): Mistake[] {
  const wrong: { row: number; predicted: number; confidence: number }[] = [];
  labels.forEach((label, row) => {
    let predicted = 0;
    const at = (k: number) => probabilities[row * classes + k] as number;
    for (let k = 1; k < classes; k++) if (at(k) > at(predicted)) predicted = k;
    if (predicted !== label) wrong.push({ row, predicted, confidence: at(predicted) });
  });
  return wrong
    .sort((a, b) => b.confidence - a.confidence || a.row - b.row)
    .slice(0, most)
    .map((mistake) => {
      const own = probabilities.subarray(mistake.row * classes, (mistake.row + 1) * classes);
      const best = Array.from(own, (probability, k) => [k, probability] as const)
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, told);
      return { ...mistake, label: labels[mistake.row] as number, best };
    });
}
