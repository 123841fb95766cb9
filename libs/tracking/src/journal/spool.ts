import { constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { messageOf, MlflowError } from '../client/errors';
import { checkArtifactPath } from '../client/validation';

/** A folder beside a journal that keeps what artifacts were when they were logged. */
export class Spool {
  private made = false;

  constructor(readonly folder: string) {}

  /** Keeps a text or bytes; returns the name of the copy. Throws an `MlflowError`, and keeps no part, where the disk is full. */
  write(name: string, content: string | Uint8Array): string {
    const target = join(this.folder, name);
    try {
      this.make();
      writeFileSync(target, content);
    } catch (error) {
      rmSync(target, { force: true });
      throw this.refused(error);
    }
    return name;
  }

  /** Keeps a copy of a file; returns its name. Where the file system can, the copy shares the blocks. Throws as `write` does. */
  async copy(name: string, file: string): Promise<string> {
    const target = join(this.folder, name);
    try {
      this.make();
      await mkdir(dirname(target), { recursive: true });
      await copyFile(file, target, constants.COPYFILE_FICLONE);
    } catch (error) {
      await rm(target, { force: true });
      throw this.refused(error);
    }
    return name;
  }

  /** Removes a copy, of a file or of a folder. */
  async discard(name: string): Promise<void> {
    await rm(join(this.folder, name), { recursive: true, force: true });
  }

  private refused(error: unknown): MlflowError {
    // Node adds the call and its paths.
    const reason = messageOf(error).replace(/, [a-z]+( '.*)?$/, '');
    return new MlflowError(`nothing more can be kept in ${this.folder}: ${reason}`, { cause: error });
  }

  private make(): void {
    if (!this.made) mkdirSync(this.folder, { recursive: true });
    this.made = true;
  }
}

/** Path among the artifacts of something that goes into a folder of them. */
export function artifactPath(name: string, folder?: string): string {
  return checkArtifactPath(
    folder === undefined || folder === '' ? name : `${folder.replace(/\/+$/, '')}/${name}`,
  );
}

/** Throws an `MlflowError` unless `file` is a file that is there. */
export async function checkFile(file: string): Promise<string> {
  if (!(await statOf(file)).isFile())
    throw new MlflowError(`${file} is not a file: log a folder with logArtifacts.`);
  return basename(file);
}

/** The files below a folder, relative to it, with forward slashes, in order. Throws an `MlflowError` if it is none. */
export async function filesBelow(folder: string): Promise<string[]> {
  if (!(await statOf(folder)).isDirectory())
    throw new MlflowError(`${folder} is not a folder: log a file with logArtifact.`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new MlflowError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
