import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { TrainingError } from './errors';
import type { SavedVariable } from './step';

/** A file of variables with some facts beside them. */
export interface StateFile {
  /** Anything that JSON can hold. */
  readonly facts: unknown;
  /** Variables by group, such as weights and velocities. */
  readonly groups: Readonly<Record<string, readonly SavedVariable[]>>;
}

interface Header {
  facts: unknown;
  groups: Record<string, { name: string; shape: readonly number[] }[]>;
}

const MAGIC = 'LRSTATE2';
const PREFIX = MAGIC.length + 4;
const DIGEST_BYTES = 32;

/**
 * Writes a state file: a magic number, the header's length, a JSON header, then all values as little-endian float32, and
 * the SHA-256 of all before it. The file appears under its name only when it is complete, so that a run killed in the middle leaves the old one.
 */
export async function writeStateFile(file: string, { facts, groups }: StateFile): Promise<void> {
  const header: Header = {
    facts,
    groups: Object.fromEntries(
      Object.entries(groups).map(([group, saved]) => [
        group,
        saved.map(({ name, shape }) => ({ name, shape })),
      ]),
    ),
  };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(json.length, MAGIC.length);
  const partial = `${file}.${process.pid}.partial`;
  try {
    const handle = await open(partial, 'w');
    try {
      const hash = createHash('sha256');
      const write = async (bytes: Buffer) => {
        hash.update(bytes);
        await handle.writeFile(bytes);
      };
      await write(Buffer.concat([prefix, json]));
      for (const { values } of Object.values(groups).flat()) {
        await write(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
      }
      await handle.writeFile(hash.digest());
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new TrainingError(`The file ${file} cannot be written: ${(error as Error).message}`);
  }
}

/** Reads a state file; null where there is none. Throws a TrainingError where it is damaged. */
export async function readStateFile(file: string): Promise<StateFile | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new TrainingError(`The file ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return parse(bytes);
  } catch {
    throw new TrainingError(`The file ${file} is not a complete training state: remove it to start anew.`);
  }
}

function parse(file: Buffer): StateFile {
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('magic number');
  const bytes = file.subarray(0, -DIGEST_BYTES);
  if (!createHash('sha256').update(bytes).digest().equals(file.subarray(-DIGEST_BYTES)))
    throw new Error('digest');
  let position = PREFIX + bytes.readUInt32LE(MAGIC.length);
  const header = JSON.parse(bytes.toString('utf8', PREFIX, position)) as Header;
  const groups = Object.entries(header.groups).map(([group, entries]) => [
    group,
    entries.map(({ name, shape }) => {
      const length = 4 * shape.reduce((product, size) => product * size, 1);
      if (position + length > bytes.length) throw new Error('cut short');
      const values = new Float32Array(new Uint8Array(bytes.subarray(position, position + length)).buffer);
      position += length;
      return { name, shape, values };
    }),
  ]);
  if (position !== bytes.length) throw new Error('too long');
  return { facts: header.facts, groups: Object.fromEntries(groups) };
}
