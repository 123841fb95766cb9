import type { Parts } from '../dataset';
import { DataError } from '../errors';
import type { SourceFile } from './source';

/** How the names of files say which part they hold; MNIST's test files begin with t10k. */
const patterns: readonly (readonly [part: keyof Parts, pattern: RegExp])[] = [
  ['test', /(^|[^a-z])(test|t10k)([^a-z]|$)/iu],
  ['validation', /(^|[^a-z])(val|valid|validation)([^a-z]|$)/iu],
  ['train', /(^|[^a-z])train(ing)?([^a-z]|$)/iu],
];

/** The order in which parts are stacked. */
export const partOrder = ['train', 'validation', 'test'] as const satisfies readonly (keyof Parts)[];

/** The part that a file's name speaks of. */
export function partOf(name: string): keyof Parts | null {
  return patterns.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

/** Files by the part that they hold. */
export type FilesByPart = Readonly<Record<keyof Parts, readonly SourceFile[]>>;

/**
 * Sorts files into parts by their names; a file whose name speaks of none is the training part where it is alone.
 *
 * @param kind of the files, for the error.
 * @throws DataError where it is not clear which part files hold, or none is the training part.
 */
export function byPart(files: readonly SourceFile[], path: string, kind: string): FilesByPart {
  const unclear = files.filter(({ name }) => partOf(name) === null);
  if (files.length === 1 && unclear.length === 1) return { train: files, validation: [], test: [] };
  const among = (part: keyof Parts) => files.filter(({ name }) => partOf(name) === part);
  const sorted = { train: among('train'), validation: among('validation'), test: among('test') };
  if (unclear.length > 0 || sorted.train.length === 0) {
    const shown = (unclear.length > 0 ? unclear : files).slice(0, 3).map(({ name }) => name);
    throw new DataError(
      `${path}: has several ${kind} files, and ${shown.join(', ')} ` +
        `${unclear.length > 0 ? 'do not say which part they hold' : 'are no training part'}: ` +
        'name them train, val and test, such as train-1, or give one file.',
    );
  }
  return sorted;
}

/** The sizes of parts from those of their files. */
export function countParts(counts: readonly (readonly [part: keyof Parts, count: number])[]): Parts {
  const sum = (wanted: keyof Parts) =>
    counts.reduce((total, [part, count]) => total + (part === wanted ? count : 0), 0);
  return { train: sum('train'), validation: sum('validation'), test: sum('test') };
}
