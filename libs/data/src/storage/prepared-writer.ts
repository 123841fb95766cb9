import type { FileHandle } from 'node:fs/promises';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Inputs } from '../dataset';
import { codeOf, DataError, reasonOf } from '../errors';
import { littleEndian } from '../little-endian';
import type { Description } from './content-hash';
import { ContentHash } from './content-hash';
import type { Layout, RowSink } from './rows';
import { rowBytesOf } from './rows';

/** The first bytes of a prepared file. */
export const opening = Buffer.from('label-relaxation');
/** The last bytes of a prepared file, after the length of the facts in four bytes. */
export const closing = Buffer.from('prepared 001');

/** What a prepared file says of itself, as JSON near its end. */
export interface PreparedFacts extends Omit<Description, 'name' | 'source' | 'labels' | 'targets'> {
  /** What tells whether the file was made from the files that are there now. */
  readonly key: string;
  readonly size: number;
  readonly hasTargets: boolean;
  /** SHA-256 of the contents. */
  readonly digest: string;
  /** What is to be told whenever the dataset is loaded. */
  readonly notes: readonly string[];
}

const bufferBytes = 1 << 22;

/**
 * Writes a dataset into a file of its own: the inputs row by row, then labels, soft labels, facts and a closing mark,
 * without which the file does not count.
 */
export class PreparedWriter implements RowSink {
  readonly #hash = new ContentHash();
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #filled = 0;
  #at = 0;

  constructor(
    private readonly file: FileHandle,
    /** Path to name in errors. */
    private readonly path: string,
  ) {}

  async begin(layout: Layout, mostRows: number): Promise<void> {
    const needed = mostRows * rowBytesOf(layout);
    const { bavail, bsize } = await statfs(dirname(this.path));
    if (needed > bavail * bsize) throw noSpace(this.path, needed);
    await this.#write(opening);
  }

  async append(inputs: Inputs): Promise<void> {
    this.#hash.update(inputs);
    await this.#write(littleEndian(inputs));
  }

  /** Writes all that follows the inputs. */
  async finish(description: Description, key: string, notes: readonly string[]): Promise<void> {
    const { shape, dtype, scale, labels, targets, classNames, parts, testShare } = description;
    const facts: PreparedFacts = {
      ...{ shape, dtype, scale, classNames, parts, testShare, key, notes },
      ...{ size: labels.length, hasTargets: targets !== null, digest: this.#hash.digest(description) },
    };
    const json = Buffer.from(JSON.stringify(facts));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    await this.#write(littleEndian(Uint16Array.from(labels)));
    if (targets) await this.#write(littleEndian(targets));
    for (const part of [json, length, closing]) await this.#write(part);
    await this.#flush();
    await this.file.sync();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + bufferBytes - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === bufferBytes) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    try {
      for (let from = 0; from < this.#filled;) {
        const { bytesWritten } = await this.file.write(
          this.#buffer,
          from,
          this.#filled - from,
          this.#at + from,
        );
        from += bytesWritten;
      }
    } catch (error) {
      if (codeOf(error) === 'ENOSPC') throw noSpace(this.path, this.#at + this.#filled);
      throw new DataError(`${this.path}: cannot be written (${reasonOf(error)}).`);
    }
    this.#at += this.#filled;
    this.#filled = 0;
  }
}

function noSpace(path: string, bytes: number): DataError {
  return new DataError(
    `${dirname(path)}: has no room for ${(bytes / 1e6).toFixed(0)} MB of prepared data; ` +
      'free some or give another folder (LABEL_RELAXATION_CACHE).',
  );
}
