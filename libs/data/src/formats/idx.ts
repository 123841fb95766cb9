import { DataError } from '../errors';
import type { ByteReader } from './byte-reader';
import { openBytes } from './byte-reader';

/** The types of numbers, by the third byte of a file. */
const types = {
  0x08: { name: 'uint8', bytes: 1 },
  0x09: { name: 'int8', bytes: 1 },
  0x0b: { name: 'int16', bytes: 2 },
  0x0c: { name: 'int32', bytes: 4 },
  0x0d: { name: 'float32', bytes: 4 },
  0x0e: { name: 'float64', bytes: 8 },
} as const;

export type IdxType = (typeof types)[keyof typeof types]['name'];

const kinds = {
  images: { magic: 0x0803, dimensions: 3 },
  labels: { magic: 0x0801, dimensions: 1 },
} as const;

/** More than any file has, and than a published one has, since memory is taken on a header's word. */
const mostExamples = 2e7;
const mostBytes = 2 ** 31;

/** What published files hold, in bytes. */
export type IdxKind = keyof typeof kinds;

/** What a file must be: of a kind, with images of a size. */
export interface ExpectedIdx {
  readonly kind: IdxKind;
  readonly imageShape: readonly [height: number, width: number];
}

/** An IDX file whose header has been read and checked, and whose content comes next. */
export interface OpenIdx {
  readonly path: string;
  readonly type: IdxType;
  /** Examples first. */
  readonly shape: readonly number[];
  /** Number of examples. */
  readonly count: number;
  /** Bytes of an example. */
  readonly rowBytes: number;
  /** Fills the array with what comes next. Throws a DataError if the file is shorter than its header says. */
  next(target: Uint8Array): Promise<void>;
  /**
   * Checks that the file ends here.
   *
   * @returns MD5 of the decompressed file, in hexadecimal.
   * @throws DataError if the file is longer than its header says.
   */
  finish(): Promise<string>;
  close(): void;
}

/**
 * Opens an IDX file (http://yann.lecun.com/exdb/mnist/), plain or gzip.
 *
 * @param expected what it must be; by default any IDX file of one to four dimensions will do.
 * @throws DataError if it is not an IDX file, not what is expected, or too short.
 */
export async function openIdx(path: string, expected?: ExpectedIdx, signal?: AbortSignal): Promise<OpenIdx> {
  const reader = await openBytes(path, signal);
  try {
    return await readHeader(reader, expected);
  } catch (error) {
    reader.close();
    throw error;
  }
}

async function readHeader(reader: ByteReader, expected: ExpectedIdx | undefined): Promise<OpenIdx> {
  const { path } = reader;
  const magic = Buffer.alloc(4);
  const gotMagic = await reader.read(magic);
  const found = magic.readUInt32BE();
  if (expected && gotMagic === 4) checkKind(path, found, expected.kind);
  const type = types[magic[2] as keyof typeof types];
  const dimensions = expected ? kinds[expected.kind].dimensions : magic[3]!;
  if (!expected && (found > 0xffff || !type || dimensions < 1 || dimensions > 4)) {
    throw new DataError(
      `${path}: is not an IDX file: it begins with ${hex(found)}; check that it is what it should be.`,
    );
  }
  const sides = Buffer.alloc(4 * dimensions);
  const got = gotMagic + (await reader.read(sides));
  const what = expected?.kind ?? 'examples';
  if (got < 4 + sides.length) {
    throw new DataError(
      `${path}: is cut off: an IDX file of ${what} has a header of ${4 + sides.length} bytes, ` +
        `this one ends after ${got}; get the file again.`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, i) => sides.readUInt32BE(4 * i));
  const [count] = shape as [number];
  if (shape.includes(0)) throw new DataError(`${path}: holds no ${what}; get the file again.`);
  if (expected?.kind === 'images') checkSize(path, shape, expected.imageShape);
  const rowBytes = shape.slice(1).reduce((product, side) => product * side, type.bytes);
  const size = 4 + sides.length + count * rowBytes;
  const cutOff = (bytes: string) =>
    new DataError(
      `${path}: is cut off: its header says ${count} ${what}, which makes ${size} bytes, and it has ${bytes}` +
        `${reader.compressed ? ' when decompressed' : ''}; get the file again.`,
    );
  if (size > reader.limit) throw cutOff(reader.compressed ? `at most ${reader.limit}` : `${reader.limit}`);
  if (count > mostExamples || (expected && size > mostBytes)) {
    throw new DataError(
      `${path}: is damaged: its header says ${count} ${what}, more than there can be; get the file again.`,
    );
  }
  let read = 4 + sides.length;
  return {
    ...{ path, type: type.name, shape, count, rowBytes },
    next: async (target) => {
      const filled = await reader.read(target);
      read += filled;
      if (filled < target.length) throw cutOff(`${read}`);
    },
    finish: async () => {
      const left = await reader.drain();
      if (left === 0) return reader.checksum();
      throw new DataError(
        `${path}: has ${left} bytes too many: its header says ${count} ${what}, which makes ${size} bytes` +
          `${reader.compressed ? ' when decompressed' : ''}; get the file again.`,
      );
    },
    close: () => reader.close(),
  };
}

function checkKind(path: string, found: number, kind: IdxKind): void {
  if (found === kinds[kind].magic) return;
  const other = Object.keys(kinds).find((one) => kinds[one as IdxKind].magic === found);
  throw new DataError(
    `${path}: is not an IDX file of ${kind}: it should begin with the bytes ${hex(kinds[kind].magic)} and begins ` +
      `with ${hex(found)}${other ? ` (an IDX file of ${other})` : ''}; check that the right file has this name.`,
  );
}

function checkSize(path: string, shape: readonly number[], [height, width]: ExpectedIdx['imageShape']): void {
  if (shape[1] === height && shape[2] === width) return;
  throw new DataError(
    `${path}: should hold images of ${height} x ${width} pixels, its header says ` +
      `${shape[1]} x ${shape[2]}; check that the file belongs to this dataset.`,
  );
}

function hex(magic: number): string {
  return magic.toString(16).padStart(8, '0');
}
