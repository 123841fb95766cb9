import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { open as openZip } from 'yauzl';
import { DataError, reasonOf } from '../errors';
import { ByteReader, largestExpansion } from './byte-reader';
import type { Bytes } from './npy';

/** The bytes of an `.npy` file, from its beginning on. */
export interface ArrayBytes extends Bytes {
  /** To be called when all is read. Throws a DataError where there is more, or the bytes are not what they were. */
  finish(): Promise<void>;
  close(): void;
}

/** The arrays of an `.npz` file, which is a ZIP file of `.npy` files. */
export interface OpenNpz {
  /** Names of the arrays. */
  readonly names: readonly string[];
  /** Reads an array from its beginning. */
  read(name: string): Promise<ArrayBytes>;
  close(): void;
}

/**
 * Opens an `.npz` file.
 *
 * @throws DataError where it is no ZIP file or its directory is damaged.
 */
export async function openNpz(path: string): Promise<OpenNpz> {
  const { zip, entries } = await directory(path);
  return {
    names: [...entries.keys()],
    close: () => zip.close(),
    read: async (name) => {
      const entry = entries.get(name)!;
      const crc = new Crc();
      const stream = await streamOf(path, zip, entry);
      const most = Math.min(entry.uncompressedSize, entry.compressedSize * largestExpansion);
      const reader = new ByteReader(`${path}, ${name}`, false, most, stream, crc);
      const damaged = (reason: string) =>
        new DataError(`${path}: the array ${name} is damaged (${reason}); get the file again.`);
      return {
        limit: reader.limit,
        close: () => reader.close(),
        read: (target) =>
          reader.read(target).catch((error: unknown) => {
            throw damaged(reasonOf(error));
          }),
        finish: async () => {
          if ((await reader.drain()) > 0) throw damaged('it is longer than its header says');
          if (crc.value !== null && crc.value !== entry.crc32) throw damaged('its checksum is wrong');
        },
      };
    },
  };
}

/** A CRC-32, where this version of Node has it. */
class Crc {
  value: number | null = null;

  update(bytes: Uint8Array): void {
    if ('crc32' in zlib) this.value = zlib.crc32(bytes, this.value ?? 0);
  }
}

function directory(path: string): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        new DataError(`${path}: is not an .npz file, or damaged (${reasonOf(error)}); get the file again.`),
      );
    openZip(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) {
        fail(error);
        return;
      }
      const entries = new Map<string, Entry>();
      zip.on('error', fail);
      zip.on('entry', (entry: Entry) => {
        if (entry.fileName.endsWith('.npy')) entries.set(entry.fileName.slice(0, -'.npy'.length), entry);
        zip.readEntry();
      });
      zip.on('end', () => resolve({ zip, entries }));
      zip.readEntry();
    });
  });
}

function streamOf(path: string, zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(new DataError(`${path}: ${entry.fileName} cannot be read (${reasonOf(error)}).`));
      else resolve(stream);
    });
  });
}
