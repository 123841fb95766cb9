import type { Labels } from '../dataset';
import { mostClasses } from '../dataset';
import { DataError } from '../errors';

/** Class numbers and the names that they stand for. */
export interface NumberedLabels {
  readonly labels: Labels;
  readonly classNames: readonly string[];
}

/** The smallest arrays of labels for so many classes. */
export function labelArray(size: number, classes: number): Labels {
  return classes <= 256 ? new Uint8Array(size) : new Uint16Array(size);
}

/**
 * Numbers labels from 0 in sorted order: texts by their code points, as scikit-learn's `LabelEncoder`, whole numbers by
 * their value.
 *
 * @param path to name in the error.
 * @throws DataError for too many classes.
 */
export function numberLabels(values: readonly (string | number)[], path: string): NumberedLabels {
  const distinct = [...new Set(values)].sort(compare);
  if (distinct.length > mostClasses) {
    throw new DataError(
      `${path}: has ${distinct.length} different labels, and at most ${mostClasses} classes can be told apart; ` +
        'is this the right column?',
    );
  }
  const numbers = new Map(distinct.map((value, number) => [value, number]));
  const labels = labelArray(values.length, distinct.length);
  values.forEach((value, i) => (labels[i] = numbers.get(value)!));
  return { labels, classNames: distinct.map(String) };
}

/** The order of texts by code point, and of numbers by value. */
export function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [Array.from(String(a)), Array.from(String(b))];
  const place = left.findIndex((character, i) => character !== right[i]);
  if (place < 0) return left.length - right.length;
  return left[place]!.codePointAt(0)! - (right[place]?.codePointAt(0) ?? -1);
}

/**
 * Throws a DataError unless there are at least two classes, each with two examples or none.
 *
 * @param path to name in the error.
 * @param what an example is called.
 */
export function checkClasses({ labels, classNames }: NumberedLabels, path: string, what: string): void {
  const counts = new Uint32Array(classNames.length);
  for (const label of labels) counts[label]!++;
  const present = classNames.filter((_, label) => counts[label]! > 0);
  if (present.length < 2) {
    throw new DataError(
      `${path}: has ${present.length === 0 ? `no ${what}s` : `one class only, ${present[0]}`}: ` +
        'at least two classes are needed to tell apart.',
    );
  }
  const single = classNames.filter((_, label) => counts[label] === 1);
  if (single.length > 0) {
    const named = `${single.slice(0, 3).join(', ')}${single.length > 3 ? `, and ${single.length - 3} more` : ''}`;
    throw new DataError(
      `${path}: has a single ${what} of ${single.length > 1 ? 'each of the classes' : 'the class'} ${named}: at least two are needed, one to learn from and one to test.`,
    );
  }
}
