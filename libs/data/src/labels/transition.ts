import { DataError } from '../errors';
import { confusions } from './confusions';
import type { NumberRows } from './number-rows';

/** The probability of each observed class, by true class: rows that sum to 1. */
export type Transition = readonly (readonly number[])[];

/** Kinds of label noise by name. */
export const noiseKinds = ['symmetric', 'asymmetric', 'pairflip'] as const;

export type NoiseKind = (typeof noiseKinds)[number];

/** What is known of the classes that noise confuses. */
export interface Classes {
  /** The data set's name. */
  readonly name: string;
  readonly classNames: readonly string[];
}

/**
 * The transition of a kind of noise: symmetric draws from all classes alike, pairflip gives the next class (the first
 * after the last), asymmetric a class that looks alike, where the data set has one.
 *
 * @throws DataError for asymmetric noise on a data set for which none is defined
 */
export function noiseTransition(kind: NoiseKind, { name, classNames }: Classes): Transition {
  const size = classNames.length;
  if (kind === 'symmetric') return classNames.map(() => new Array<number>(size).fill(1 / size));
  if (kind === 'pairflip') return classNames.map((_, k) => oneHot((k + 1) % size, size));
  const known = Object.hasOwn(confusions, name) ? confusions[name] : undefined;
  if (known === undefined) {
    throw new DataError(
      `asymmetric noise is defined for ${Object.keys(confusions).join(', ')}, not for ${name}: ` +
        'take symmetric or pairflip, or give a file with a matrix',
    );
  }
  const targets = new Map(known);
  return classNames.map((from) => oneHot(classNames.indexOf(targets.get(from) ?? from), size));
}

/**
 * A table of numbers as a transition.
 *
 * @throws DataError that says what is wrong in it
 */
export function transitionOf({ rows, columns, values }: NumberRows, classes: number): Transition {
  if (rows !== classes || columns !== classes) {
    throw new DataError(
      `it has ${rows} rows of ${columns} numbers: ${classes} rows of ${classes} are needed`,
    );
  }
  return Array.from({ length: classes }, (_, k) => {
    const row = [...values.subarray(k * classes, (k + 1) * classes)];
    const wrong = row.find((value) => !(value >= 0 && value <= 1));
    if (wrong !== undefined) throw new DataError(`row ${k + 1} has ${wrong}: probabilities are from 0 to 1`);
    const sum = row.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > 1e-6) {
      throw new DataError(
        `row ${k + 1} sums to ${Number(sum.toPrecision(7))}: the probabilities of a row sum to 1`,
      );
    }
    return row;
  });
}

function oneHot(position: number, size: number): number[] {
  return Array.from({ length: size }, (_, k) => Number(k === position));
}
