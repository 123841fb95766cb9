import { DataError } from '../errors';
import type { ByteReader } from './byte-reader';
import { openBytes } from './byte-reader';

const kinds = {
  images: { magic: 0x0803, dimensions: 3 },
  labels: { magic: 0x0801, dimensions: 1 },
} as const;

export type IdxKind = keyof typeof kinds;

/** An IDX file whose header has been read and checked, and whose content comes next. */
export interface OpenIdx {
  readonly path: string;
  /** Number of images or labels. */
  readonly count: number;
  /**
   * Reads the content into an array of exactly its size and checks that the file ends there.
   *
   * @returns MD5 of the decompressed file, in hexadecimal.
   * @throws DataError if the file is shorter or longer than its header says.
   */
  readInto(target: Uint8Array): Promise<string>;
  close(): void;
}

/**
 * Opens an IDX file (http://yann.lecun.com/exdb/mnist/), plain or gzip.
 *
 * @param imageShape height and width that images must have.
 * @throws DataError if it is not an IDX file of this kind, its images have another size, or it is too short.
 */
export async function openIdx(
  path: string,
  kind: IdxKind,
  imageShape: readonly [height: number, width: number],
  signal?: AbortSignal,
): Promise<OpenIdx> {
  const reader = await openBytes(path, signal);
  try {
    const count = await readHeader(reader, kind, imageShape);
    const content = count * (kind === 'images' ? imageShape[0] * imageShape[1] : 1);
    const size = 4 + 4 * kinds[kind].dimensions + content;
    if (size > reader.limit) {
      throw cutOff(
        reader,
        count,
        kind,
        size,
        reader.compressed ? `at most ${reader.limit}` : `${reader.limit}`,
      );
    }
    return {
      path,
      count,
      readInto: (target) => readContent(reader, target, size, count, kind),
      close: () => reader.close(),
    };
  } catch (error) {
    reader.close();
    throw error;
  }
}

async function readHeader(
  reader: ByteReader,
  kind: IdxKind,
  [height, width]: readonly [height: number, width: number],
): Promise<number> {
  const { magic, dimensions } = kinds[kind];
  const header = Buffer.alloc(4 + 4 * dimensions);
  const got = await reader.read(header);
  const found = header.readUInt32BE();
  if (got >= 4 && found !== magic) {
    const what = Object.keys(kinds).find((other) => kinds[other as IdxKind].magic === found);
    throw new DataError(
      `${reader.path}: is not an IDX file of ${kind}: it should begin with the bytes ${hex(magic)} and begins ` +
        `with ${hex(found)}${what ? ` (an IDX file of ${what})` : ''}; check that the right file has this name.`,
    );
  }
  if (got < header.length) {
    throw new DataError(
      `${reader.path}: is cut off: an IDX file of ${kind} has a header of ${header.length} bytes, ` +
        `this one ends after ${got}; get the file again.`,
    );
  }
  const count = header.readUInt32BE(4);
  if (count === 0) {
    throw new DataError(`${reader.path}: holds no ${kind}; get the file again.`);
  }
  if (kind === 'images' && (header.readUInt32BE(8) !== height || header.readUInt32BE(12) !== width)) {
    throw new DataError(
      `${reader.path}: should hold images of ${height} x ${width} pixels, its header says ` +
        `${header.readUInt32BE(8)} x ${header.readUInt32BE(12)}; check that the file belongs to this dataset.`,
    );
  }
  return count;
}

async function readContent(
  reader: ByteReader,
  target: Uint8Array,
  size: number,
  count: number,
  kind: IdxKind,
): Promise<string> {
  const got = await reader.read(target);
  if (got < target.length) {
    throw cutOff(reader, count, kind, size, `${size - target.length + got}`);
  }
  const left = await reader.drain();
  if (left > 0) {
    throw new DataError(
      `${reader.path}: has ${left} bytes too many: its header says ${count} ${kind}, which makes ${size} bytes` +
        `${reader.compressed ? ' when decompressed' : ''}; get the file again.`,
    );
  }
  return reader.checksum();
}

function cutOff(reader: ByteReader, count: number, kind: IdxKind, size: number, found: string): DataError {
  return new DataError(
    `${reader.path}: is cut off: its header says ${count} ${kind}, which makes ${size} bytes, and it has ${found}` +
      `${reader.compressed ? ' when decompressed' : ''}; get the file again.`,
  );
}

function hex(magic: number): string {
  return magic.toString(16).padStart(8, '0');
}
