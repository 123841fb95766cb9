import { join } from 'node:path';
import { download } from '../download/download';
import { DataError } from '../errors';
import { inspect, openBytes } from '../formats/byte-reader';
import type { DatasetSpec, PublishedFile } from './catalogue';
import { checkPublished, fileChecksum } from './checksum';
import { findFile, findFiles } from './find-files';
import { idxRoles } from './idx-set';
import type { PublishedOptions } from './load-published';
import type { Place } from './places';

/**
 * Downloads those of a dataset's files that the cache lacks or holds damaged.
 *
 * @throws DataError if a file cannot be had or is not the published one.
 */
export async function fetchToCache(
  spec: DatasetSpec,
  cacheDir: string,
  options: Pick<PublishedOptions, 'onProgress' | 'signal'>,
): Promise<Place> {
  const folder = join(cacheDir, spec.name);
  for (const published of publishedFiles(spec)) {
    const cached = await findFile(folder, published.name);
    if (cached && (await isGood(spec, published, cached, options.signal))) {
      continue;
    }
    const name = published.name.endsWith('.gz') ? published.name : `${published.name}.gz`;
    await download({
      address: new URL(name, spec.address).href,
      // A damaged file is replaced where it is, or it would be found again before the new one.
      destination: cached ?? join(folder, name),
      verify: (path) => verify(spec, published, path, options.signal),
      ...options,
    });
  }
  const { files } = await findFiles(spec, folder);
  if (!files) {
    throw new DataError(
      `${folder}: lacks files that were just downloaded; is something else emptying the cache?`,
    );
  }
  return { files, description: `${spec.address}, kept in ${folder}` };
}

function publishedFiles(spec: DatasetSpec): readonly PublishedFile[] {
  return spec.format === 'idx' ? idxRoles.map((role) => spec[role]) : [spec.archive];
}

async function verify(
  spec: DatasetSpec,
  file: PublishedFile,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  await inspect(path);
  const md5 = spec.format === 'idx' ? await contentChecksum(path, signal) : await fileChecksum(path, signal);
  checkPublished(path, md5, file, { strict: true });
}

async function isGood(
  spec: DatasetSpec,
  file: PublishedFile,
  path: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await verify(spec, file, path, signal);
    return true;
  } catch (error) {
    if (error instanceof DataError) {
      return false;
    }
    throw error;
  }
}

async function contentChecksum(path: string, signal?: AbortSignal): Promise<string> {
  const reader = await openBytes(path, signal);
  try {
    await reader.drain();
    return reader.checksum();
  } finally {
    reader.close();
  }
}
