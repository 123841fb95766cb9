import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Extract, Header } from 'tar-stream';
import { extract as tarExtract } from 'tar-stream';
import { codeOf, DataError, reasonOf } from '../errors';
import { inspect, largestExpansion, readError } from '../formats/byte-reader';

const chunkSize = 1 << 18;

/** The wanted files of an archive by name, and the archive's own MD5 in hexadecimal. */
export interface ArchiveContent {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly checksum: string;
}

/** More than any file of the published archives has: so much memory is taken on an archive's word. */
export const mostBytes = 2 ** 28;

/**
 * Reads files from a tar archive, plain or gzip, in one pass and whatever folder of it they are in.
 *
 * @throws DataError if the archive is damaged, or has links, paths that lead out of it or files of a size that cannot be;
 * files that it lacks are left out.
 */
export async function readArchive(
  path: string,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ArchiveContent> {
  const { size, compressed } = await inspect(path);
  const hash = createHash('md5');
  const tap = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const file = createReadStream(path, { highWaterMark: chunkSize });
  const extract = tarExtract();
  const limit = compressed ? size * largestExpansion : size;
  const [reading, collecting] = await Promise.allSettled([
    compressed
      ? pipeline(file, tap, createGunzip({ chunkSize }), extract, { signal })
      : pipeline(file, tap, extract, { signal }),
    collect(path, extract, wanted, limit),
  ]);
  // A fault in the one ends the other too, which then only says that it was ended.
  if (collecting.status === 'rejected' && collecting.reason instanceof DataError) {
    throw collecting.reason;
  }
  if (reading.status === 'rejected') {
    throw archiveError(path, reading.reason);
  }
  if (collecting.status === 'rejected') {
    throw archiveError(path, collecting.reason);
  }
  return { files: collecting.value, checksum: hash.digest('hex') };
}

async function collect(
  path: string,
  extract: Extract,
  wanted: ReadonlySet<string>,
  limit: number,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const entry of extract) {
    checkEntry(path, entry.header);
    const name = entry.header.name.split('/').at(-1)!;
    if (entry.header.type === 'file' && wanted.has(name)) {
      const size = entry.header.size ?? 0;
      if (size > Math.min(limit, mostBytes)) {
        throw new DataError(
          `${path}: is damaged: it says that ${name} has ${size} bytes, which it cannot hold; get it again.`,
        );
      }
      files.set(name, await content(entry, size));
    } else {
      entry.resume();
    }
  }
  return files;
}

function checkEntry(path: string, { name, type }: Header): void {
  const refuse = (what: string) => {
    throw new DataError(
      `${path}: is no published archive: its entry ${JSON.stringify(name)} ${what}; get it again.`,
    );
  };
  if (type === 'symlink' || type === 'link') refuse('is a link');
  if (name.startsWith('/') || name.split('/').includes('..')) refuse('leads out of it');
}

async function content(entry: AsyncIterable<unknown>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of entry as AsyncIterable<Uint8Array>) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

function archiveError(path: string, error: unknown): unknown {
  if (codeOf(error) === undefined) {
    return new DataError(
      `${path}: the tar archive is damaged or cut off (${reasonOf(error)}); get it again.`,
    );
  }
  return readError(path, error);
}
