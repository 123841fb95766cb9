import type { Labels } from '@label-relaxation/metrics';
import { CalibrationError } from '../errors';

/** Sets of classes, one for each example: those of example i are `members` from `starts[i]` up to `starts[i + 1]`. */
export interface PredictionSets {
  readonly classes: number;
  /** One more than there are examples. */
  readonly starts: Int32Array;
  /** Class numbers, in each set from the most probable on. */
  readonly members: Int32Array;
}

/** How good sets are. */
export interface SetScores {
  /** Share of examples whose class is in their set. */
  readonly coverage: number;
  readonly meanSize: number;
  /** How many sets have 0, 1, ... members. */
  readonly sizes: readonly number[];
  /** Coverage of the sets of each size; null where there is none. */
  readonly coverageBySize: readonly (number | null)[];
  /** Coverage of the examples of each class; null where there is none. */
  readonly coverageByClass: readonly (number | null)[];
}

/** The classes in the set of one example. */
export function setOf({ starts, members }: PredictionSets, example: number): Int32Array {
  return members.subarray(starts[example], starts[example + 1]);
}

/**
 * Coverage and sizes of sets.
 *
 * @param labels class numbers from 0
 * @throws CalibrationError where labels are not as many as sets, or none
 */
export function scoreSets(sets: PredictionSets, labels: Labels): SetScores {
  const examples = sets.starts.length - 1;
  if (labels.length !== examples || examples === 0) {
    throw new CalibrationError(
      `${labels.length} labels for ${examples} sets: give one for each, and at least one`,
    );
  }
  const sizes = new Array<number>(sets.classes + 1).fill(0);
  const coveredBySize = sizes.slice();
  const ofClass = new Array<number>(sets.classes).fill(0);
  const coveredOfClass = ofClass.slice();
  const count = (list: number[], place: number) => {
    list[place] = (list[place] as number) + 1;
  };
  for (let example = 0; example < examples; example++) {
    const set = setOf(sets, example);
    const label = labels[example] as number;
    if (!Number.isInteger(label) || label < 0 || label >= sets.classes) {
      throw new CalibrationError(
        `labels[${example}] is ${label}: expected a whole number from 0 to ${sets.classes - 1}`,
      );
    }
    count(sizes, set.length);
    count(ofClass, label);
    if (!set.includes(label)) continue;
    count(coveredBySize, set.length);
    count(coveredOfClass, label);
  }
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    coverage: coveredBySize.reduce((sum, covered) => sum + covered, 0) / examples,
    meanSize: sets.members.length / examples,
    sizes,
    coverageBySize: sizes.map((total, size) => share(coveredBySize[size] as number, total)),
    coverageByClass: ofClass.map((total, k) => share(coveredOfClass[k] as number, total)),
  };
}
