import { close, open, read as readFile } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Dataset, Inputs, Labels } from '../dataset';
import { codeOf, DataError } from '../errors';
import { readError } from '../formats/byte-reader';
import { fromLittleEndian } from '../little-endian';
import type { Description } from './content-hash';
import { ContentHash } from './content-hash';
import { heldDataset } from './held-dataset';
import type { PreparedFacts } from './prepared-writer';
import { closing, opening } from './prepared-writer';
import type { Layout } from './rows';
import { rowBytesOf, widthOf } from './rows';

const openFile = promisify(open);
const closeFile = promisify(close);
const readBytes = promisify(readFile);

const tailBytes = 4 + closing.length;
const chunkBytes = 1 << 22;
/** The most that is read in one call; the system's own limit is twice that. */
const mostBytes = 1 << 30;

/** What a prepared file is opened for. */
export interface OpenOptions {
  /** Bytes that the inputs may take in memory; more are read when they are needed. */
  readonly memory: number;
  /** What the dataset is called, and where it came from. */
  readonly name: string;
  readonly source: string;
  /** Whether the contents are as they were written, so that they need not be checked. */
  readonly isFresh?: boolean;
  readonly signal?: AbortSignal;
}

/** What came of opening a prepared file: nothing where there is none, or one of other files. */
export type Opened =
  | { readonly state: 'absent' | 'damaged' }
  | { readonly state: 'whole'; readonly dataset: Dataset; readonly notes: readonly string[] };

/** Opens a prepared file, checks all of it, and gives its dataset. */
export async function openPrepared(path: string, key: string, options: OpenOptions): Promise<Opened> {
  let file: number;
  try {
    file = await openFile(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return { state: 'absent' };
    throw readError(path, error);
  }
  let opened: Opened = { state: 'damaged' };
  try {
    opened = await openWhole(new PreparedFile(path, file), key, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).errno !== undefined) throw error;
  } finally {
    const isStreamed = opened.state === 'whole' && opened.dataset.inputs === null;
    if (!isStreamed) await closeFile(file);
  }
  return opened;
}

/** Whether there is a prepared file that was made of these files, as far as its end says. */
export async function isPrepared(path: string, key: string): Promise<boolean> {
  try {
    const file = await openFile(path, 'r');
    try {
      return (await new PreparedFile(path, file).facts()).key === key;
    } finally {
      await closeFile(file);
    }
  } catch {
    return false;
  }
}

/** Anything but an error of the system means that the file is not what it should be. */
class Damaged extends Error {}

async function openWhole(file: PreparedFile, key: string, options: OpenOptions): Promise<Opened> {
  const facts = await file.facts();
  if (facts.key !== key) return { state: 'absent' };
  const { size, notes, digest } = facts;
  const { name, source, memory, isFresh = false, signal } = options;
  const rowBytes = rowBytesOf(facts);
  const length = size * widthOf(facts.shape);
  const hash = new ContentHash();
  const isHeld = size * rowBytes <= memory;
  const held = isHeld ? numbers(facts, length) : null;
  if (held) {
    await file.into(held, opening.length);
    if (!isFresh) hash.update(held);
  } else if (!isFresh) {
    const chunkRows = Math.max(1, Math.floor(chunkBytes / rowBytes));
    const chunk = numbers(facts, chunkRows * widthOf(facts.shape));
    for (let row = 0; row < size; row += chunkRows) {
      signal?.throwIfAborted();
      const part = chunk.subarray(0, Math.min(chunkRows, size - row) * widthOf(facts.shape));
      await file.into(part, opening.length + row * rowBytes);
      hash.update(part);
    }
  }
  const { labels, targets } = await file.labels(facts);
  const { shape, dtype, scale, classNames, parts, testShare } = facts;
  const description = { name, source, shape, dtype, scale, labels, targets, classNames, parts, testShare };
  if (!isFresh && hash.digest(description) !== digest) throw new Damaged();
  const dataset = held
    ? { ...heldDataset(description, held), digest: async () => digest }
    : streamedDataset(file, description, digest);
  return { state: 'whole', dataset, notes };
}

function streamedDataset(file: PreparedFile, description: Description, digest: string): Dataset {
  const { shape, labels, classNames } = description;
  const rowBytes = rowBytesOf(description);
  const width = widthOf(shape);
  return {
    ...description,
    inputs: null,
    size: labels.length,
    classes: classNames.length,
    digest: async () => digest,
    close: () => closeFile(file.descriptor),
    read: async (examples) => {
      const rows = numbers(description, examples.length * width);
      const readings: Promise<void>[] = [];
      for (let start = 0, end = 1; start < examples.length; start = end++) {
        while (end < examples.length && examples[end] === examples[end - 1]! + 1) end++;
        const part = rows.subarray(start * width, end * width);
        readings.push(file.into(part, opening.length + examples[start]! * rowBytes));
      }
      await Promise.all(readings);
      return rows;
    },
  };
}

/** An array for so many numbers, not yet filled. */
function numbers({ dtype }: Pick<Layout, 'dtype'>, length: number): Inputs {
  const { buffer } = Buffer.allocUnsafeSlow(length * (dtype === 'uint8' ? 1 : 4));
  return dtype === 'uint8' ? new Uint8Array(buffer) : new Float32Array(buffer);
}

/** An open prepared file. */
class PreparedFile {
  constructor(
    private readonly path: string,
    readonly descriptor: number,
  ) {}

  /** Reads numbers from a place in the file. */
  async into(target: Inputs | Uint16Array, position: number): Promise<void> {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let from = 0; from < bytes.length;) {
      const length = Math.min(bytes.length - from, mostBytes);
      const { bytesRead } = await readBytes(this.descriptor, bytes, from, length, position + from);
      if (bytesRead === 0) {
        throw new DataError(`${this.path}: has become shorter while it was read; start again.`);
      }
      from += bytesRead;
    }
    fromLittleEndian(target);
  }

  /** What the file says of itself. Throws Damaged where its end, or its length, is not right. */
  async facts(): Promise<PreparedFacts> {
    const { size } = await stat(this.path);
    if (size < opening.length + tailBytes) throw new Damaged();
    const tail = await this.#bytes(size - tailBytes, tailBytes);
    const length = tail.readUInt32LE();
    if (!tail.subarray(4).equals(closing) || length > size) throw new Damaged();
    const facts: PreparedFacts = JSON.parse(
      (await this.#bytes(size - tailBytes - length, length)).toString(),
    );
    if (this.#tailStart(facts) + labelBytes(facts) + length + tailBytes !== size) throw new Damaged();
    return facts;
  }

  async labels(facts: PreparedFacts): Promise<{ labels: Labels; targets: Float32Array | null }> {
    const labels = new Uint16Array(facts.size);
    await this.into(labels, this.#tailStart(facts));
    const targets = facts.hasTargets ? new Float32Array(facts.size * facts.classNames.length) : null;
    if (targets) await this.into(targets, this.#tailStart(facts) + labels.byteLength);
    return { labels: facts.classNames.length <= 256 ? Uint8Array.from(labels) : labels, targets };
  }

  #tailStart(facts: PreparedFacts): number {
    return opening.length + facts.size * rowBytesOf(facts);
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    await this.into(bytes, position);
    return bytes;
  }
}

function labelBytes({ size, classNames, hasTargets }: PreparedFacts): number {
  return size * (2 + (hasTargets ? 4 * classNames.length : 0));
}
