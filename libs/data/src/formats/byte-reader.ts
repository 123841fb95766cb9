import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf, DataError, reasonOf } from '../errors';
import { headLength, refuseWebPage } from './web-page';

const chunkSize = 1 << 18;
/** No gzip file grows by more than this factor (RFC 1951: 258 bytes from at least two bits). */
export const largestExpansion = 1032;

/** What takes all bytes as they are read. */
interface Checksum {
  update(bytes: Uint8Array): unknown;
}

/** Reads bytes from their beginning to their end, and hands them to a checksum if there is one. */
export class ByteReader<C extends Checksum = Hash> {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(
    readonly path: string,
    readonly compressed: boolean,
    /** The most bytes that the file can give; exactly that many if it is not compressed. */
    readonly limit: number,
    private readonly stream: Readable,
    private readonly hash: C,
  ) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** Fills `target` as far as the file goes and says how many bytes that were. */
  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && (await this.advance())) {
      const part = this.rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return filled;
  }

  /** Reads what is left and says how many bytes that were. */
  async drain(): Promise<number> {
    let left = 0;
    while (await this.advance()) {
      left += this.rest.length;
      this.rest = this.rest.subarray(this.rest.length);
    }
    return left;
  }

  /** MD5, in hexadecimal, of everything read; to be asked for once, at the end. */
  checksum(this: ByteReader<Hash>): string {
    return this.hash.digest('hex');
  }

  /** Stops reading and closes the file. */
  close(): void {
    // A file that is still being opened may fail to; nobody is left to hear of it.
    this.stream.on('error', () => undefined).destroy();
  }

  private async advance(): Promise<boolean> {
    while (this.rest.length === 0) {
      const next = await this.next();
      if (next.done) {
        return false;
      }
      this.hash.update(next.value);
      this.rest = next.value;
    }
    return true;
  }

  private async next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.chunks.next();
    } catch (error) {
      throw readError(this.path, error);
    }
  }
}

/**
 * Opens a file for reading, with its MD5; whether it is gzip is told by its first bytes, not by its name.
 *
 * @throws DataError if it cannot be opened.
 */
export async function openBytes(path: string, signal?: AbortSignal): Promise<ByteReader> {
  signal?.throwIfAborted();
  const { size, compressed } = await inspect(path);
  const file = createReadStream(path, { highWaterMark: chunkSize, signal });
  // The callback is there because pipeline needs one: the reader meets each error by itself.
  const bytes = compressed ? pipeline(file, createGunzip({ chunkSize }), () => undefined) : file;
  const limit = compressed ? size * largestExpansion : size;
  return new ByteReader(path, compressed, limit, bytes, createHash('md5'));
}

/**
 * Size of a file on disk, its first bytes, and whether they say that it is gzip.
 *
 * @throws DataError if it cannot be read, or is a web page in place of data.
 */
export async function inspect(path: string): Promise<{ size: number; start: Buffer; compressed: boolean }> {
  const head = Buffer.alloc(headLength);
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { bytesRead } = await file.read(head, 0, headLength, 0);
      refuseWebPage(path, head.subarray(0, bytesRead));
      return { size, start: head, compressed: head.readUInt16BE() === 0x1f8b };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/** What to throw for an error met while reading a file. */
export function readError(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || code === 'ABORT_ERR') {
    return error;
  }
  if (code.startsWith('Z_')) {
    return new DataError(
      `${path}: the gzip data is damaged or cut off (${reasonOf(error)}); get the file again.`,
    );
  }
  return new DataError(
    code === 'ENOENT'
      ? `${path}: there is no such file; check the path or get the file again.`
      : `${path}: cannot be read (${reasonOf(error)}); check the file and its permissions.`,
  );
}
