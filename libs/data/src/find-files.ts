import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSpec } from './catalogue';
import { codeOf, DataError, reasonOf } from './errors';
import type { IdxPaths } from './idx-set';
import { idxRoles } from './idx-set';

/** The paths of a dataset's files. */
export type DatasetFiles =
  | { readonly kind: 'idx'; readonly paths: IdxPaths }
  | { readonly kind: 'archive'; readonly path: string }
  | { readonly kind: 'batches'; readonly train: readonly string[]; readonly test: string };

/** What a folder holds of a dataset: all its files, or the names of those that it lacks. */
export type Finding =
  | { readonly files: DatasetFiles }
  | { readonly files: null; readonly missing: readonly string[]; readonly present: number };

/** Looks for a dataset's files in a folder, compressed or not and under any of their usual names. */
export async function findFiles(spec: DatasetSpec, folder: string): Promise<Finding> {
  if (spec.format === 'idx') {
    const names = idxRoles.map((role) => spec[role].name);
    const { paths, missing } = await findAll(folder, names);
    if (missing.length > 0) {
      return { files: null, missing, present: names.length - missing.length };
    }
    const found = Object.fromEntries(idxRoles.map((role, i) => [role, paths[i]!]));
    return { files: { kind: 'idx', paths: found as unknown as IdxPaths } };
  }
  const archive = await findFile(folder, spec.archive.name);
  if (archive) {
    return { files: { kind: 'archive', path: archive } };
  }
  const names = [...spec.trainFiles, spec.testFile];
  let best: Finding = { files: null, missing: [spec.archive.name], present: 0 };
  for (const place of [folder, join(folder, spec.folder)]) {
    const { paths, missing } = await findAll(place, names);
    if (missing.length === 0) {
      return { files: { kind: 'batches', train: paths.slice(0, -1), test: paths.at(-1)! } };
    }
    const present = names.length - missing.length;
    if (present > best.present) {
      best = { files: null, missing, present };
    }
  }
  return best;
}

/**
 * Finds a published file in a folder: under its name, with or without `.gz`, and with the dot that some copies of
 * MNIST have in `train-images.idx3-ubyte`.
 */
export async function findFile(folder: string, name: string): Promise<string | undefined> {
  const plain = name.replace(/\.gz$/, '');
  const dotted = plain.replace(/-(idx\d-ubyte)$/, '.$1');
  for (const candidate of new Set([plain, `${plain}.gz`, dotted, `${dotted}.gz`])) {
    const path = join(folder, candidate);
    if (await isFile(path)) {
      return path;
    }
  }
  return undefined;
}

async function findAll(folder: string, names: readonly string[]) {
  const found = await Promise.all(names.map((name) => findFile(folder, name)));
  return {
    paths: found.filter((path) => path !== undefined),
    missing: names.filter((_, i) => found[i] === undefined),
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      return false;
    }
    throw new DataError(
      `${path}: cannot be looked at (${reasonOf(error)}); check the folder and its permissions.`,
    );
  }
}
