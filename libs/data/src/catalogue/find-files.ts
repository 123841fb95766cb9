import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, DataError, reasonOf } from '../errors';
import type { CifarSpec, DatasetSpec, IdxSpec } from './catalogue';
import type { IdxPaths } from './idx-set';
import { idxRoles } from './idx-set';

/** The paths of a dataset's files. */
export type DatasetFiles =
  | { readonly kind: 'idx'; readonly spec: IdxSpec; readonly paths: IdxPaths }
  | { readonly kind: 'archive'; readonly spec: CifarSpec; readonly path: string }
  | {
      readonly kind: 'batches';
      readonly spec: CifarSpec;
      readonly train: readonly string[];
      readonly test: string;
    };

/** What a folder holds of a dataset: all its files, or the names of those that it lacks. */
export type Finding =
  | { readonly files: DatasetFiles }
  | { readonly files: null; readonly missing: readonly string[]; readonly present: number };

/** Looks for a dataset's files in a folder, compressed or not and under any of their usual names. */
export async function findFiles(spec: DatasetSpec, folder: string): Promise<Finding> {
  return spec.format === 'idx' ? findIdx(spec, folder) : findCifar(spec, folder);
}

async function findIdx(spec: IdxSpec, folder: string): Promise<Finding> {
  const paths = await Promise.all(idxRoles.map((role) => findFile(folder, spec[role].name)));
  const [trainImages, trainLabels, testImages, testLabels] = paths;
  if (trainImages && trainLabels && testImages && testLabels) {
    return { files: { kind: 'idx', spec, paths: { trainImages, trainLabels, testImages, testLabels } } };
  }
  const missing = idxRoles.filter((_, i) => !paths[i]).map((role) => spec[role].name);
  return { files: null, missing, present: idxRoles.length - missing.length };
}

async function findCifar(spec: CifarSpec, folder: string): Promise<Finding> {
  const archive = await findFile(folder, spec.archive.name);
  if (archive) {
    return { files: { kind: 'archive', spec, path: archive } };
  }
  let best: Finding = { files: null, missing: [spec.archive.name], present: 0 };
  for (const place of [folder, join(folder, spec.folder)]) {
    const test = await findFile(place, spec.testFile);
    const found = await Promise.all(spec.trainFiles.map((name) => findFile(place, name)));
    const train = found.filter((path) => path !== undefined);
    if (test && train.length === found.length) {
      return { files: { kind: 'batches', spec, train, test } };
    }
    const missing = spec.trainFiles.filter((_, i) => !found[i]);
    const present = train.length + (test ? 1 : 0);
    if (present > best.present) {
      best = { files: null, missing: test ? missing : [...missing, spec.testFile], present };
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
