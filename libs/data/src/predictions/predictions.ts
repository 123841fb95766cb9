import type { Labels } from '../dataset';
import { DataError } from '../errors';
import { compare, labelArray } from '../sources/labels';

/** What some network predicted, and the true classes. */
export interface Predictions {
  /** [examples, classes] row by row, as they are in the file. */
  readonly values: Float32Array;
  /** What the file calls them; null where it doesn't say. */
  readonly kind: 'logits' | 'probabilities' | null;
  readonly labels: Labels;
  readonly classNames: readonly string[];
}

/** Labels as numbers of columns, which they are already, or whose names in sorted order they are. */
export function numbered(
  given: readonly (number | string)[],
  classes: number,
  named: readonly string[] | null,
  title: string,
): Pick<Predictions, 'labels' | 'classNames'> {
  if (classes < 2) {
    throw new DataError(
      `${title}: has one column of predictions: there is one for each class, of at least two.`,
    );
  }
  const texts = given.some((label) => typeof label === 'string');
  const names = texts && named === null ? [...new Set(given)].sort(compare).map(String) : named;
  const classNames = names ?? Array.from({ length: classes }, (_, label) => String(label));
  if (classNames.length !== classes) {
    throw new DataError(
      `${title}: names ${classNames.length} classes, and predictions have ${classes} columns.`,
    );
  }
  const numbers = new Map(classNames.map((name, number) => [name, number]));
  const labels = labelArray(given.length, classes);
  given.forEach((label, i) => {
    const number = texts ? numbers.get(String(label)) : Number(label);
    if (number === undefined || !Number.isInteger(number) || number < 0 || number >= classes) {
      throw new DataError(
        `${title}: the label ${label} at position ${i} is no class: there are ${classes}, from 0 to ${classes - 1}.`,
      );
    }
    labels[i] = number;
  });
  return { labels, classNames };
}
