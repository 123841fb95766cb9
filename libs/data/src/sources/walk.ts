import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { codeOf, DataError, reasonOf } from '../errors';
import { compare } from './labels';
import type { SourceFile } from './source';

/** A folder's entries that are not hidden, with links followed. */
export interface Entries {
  /** Names, in sorted order. */
  readonly folders: readonly string[];
  readonly files: readonly SourceFile[];
}

/**
 * Looks into a folder of a dataset.
 *
 * @param root the dataset's folder: links may lead to anything in it, and nowhere else.
 * @param above the real paths of the folders that the way from the root to here went through.
 * @throws DataError for a link that leads out of the dataset's folder, in a circle or nowhere.
 */
export function entriesOf(folder: string, root: string, above: readonly string[] = []): Entries {
  const folders: string[] = [];
  const files: SourceFile[] = [];
  for (const entry of listed(folder)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) checkLink(path, root, [...above, realpathSync(folder)]);
    const status = entry.isDirectory() ? null : statSync(path);
    if (status === null || status.isDirectory()) folders.push(entry.name);
    else if (status.isFile()) {
      const { size, mtimeMs: modifiedMs } = status;
      files.push({ path, name: relative(root, path).split(sep).join('/'), size, modifiedMs });
    }
  }
  return { folders, files };
}

/** All files in a folder and its folders, in the order of their names. */
export async function filesBelow(
  folder: string,
  root: string,
  signal?: AbortSignal,
  above: readonly string[] = [],
): Promise<SourceFile[]> {
  signal?.throwIfAborted();
  await setImmediate();
  const { folders, files } = entriesOf(folder, root, above);
  const found = [files];
  for (const name of folders) {
    found.push(await filesBelow(join(folder, name), root, signal, [...above, realpathSync(folder)]));
  }
  return found.flat();
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    throw new DataError(
      `${folder}: cannot be looked into (${reasonOf(error)}); check the folder and its permissions.`,
    );
  }
}

function checkLink(path: string, root: string, above: readonly string[]): void {
  let target: string;
  try {
    target = realpathSync(path);
  } catch (error) {
    const where = codeOf(error) === 'ELOOP' ? 'in a circle' : 'nowhere';
    throw new DataError(`${path}: is a link that leads ${where}; remove it.`);
  }
  if (!isWithin(target, realpathSync(root))) {
    throw new DataError(
      `${path}: is a link that leads out of the folder, to ${target}; put what it leads to in its place.`,
    );
  }
  if (above.some((folder) => isWithin(folder, target))) {
    throw new DataError(`${path}: is a link that leads in a circle, back to ${target}; remove it.`);
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
