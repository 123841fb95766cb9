import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../errors';

/**
 * Refuses a folder that a broken link is in the way to, as a folder cannot be made there.
 *
 * @throws DataError that names the link and where it leads.
 */
export async function refuseBrokenLink(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder) {
    await refuseBrokenLink(parent);
  }
  const isLink = await lstat(folder).then(
    (status) => status.isSymbolicLink(),
    () => false,
  );
  if (isLink && !(await stat(folder).catch(() => null))) {
    throw new DataError(
      `${folder}: is a link to ${await readlink(folder)}, which is not there; make that folder or remove the link.`,
    );
  }
}
