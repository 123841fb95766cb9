import { unzipSync } from 'fflate';
import { DataError, reasonOf } from '../errors';
import type { Arrays } from '../sources/arrays';

/** Bytes that an array may unpack to: more would not fit into a page's memory beside all that is made of it. */
const mostBytes = 2 ** 30;

/** No entry of a ZIP file grows by more than this factor (RFC 1951: 258 bytes from at least two bits). */
const largestExpansion = 1032;

/** The arrays of an `.npz` file's bytes. Throws a DataError where it is none, or an array is too large. */
export function arraysOfNpzBytes(bytes: Uint8Array, path: string): Arrays {
  const names: string[] = [];
  unpack(bytes, path, (file, size, packed) => {
    if (!file.endsWith('.npy')) return false;
    if (size > mostBytes)
      throw new DataError(`${path}: ${file} has ${size} bytes unpacked, and at most ${mostBytes} are read.`);
    if (size > packed * largestExpansion) {
      throw new DataError(
        `${path}: ${file} is damaged: it says that it has ${size} bytes; get the file again.`,
      );
    }
    names.push(file.slice(0, -'.npy'.length));
    return false;
  });
  const unpacked = new Map<string, Uint8Array>();
  const contentOf = (name: string) => {
    const file = `${name}.npy`;
    const content = unpacked.get(name) ?? unpack(bytes, path, (one) => one === file)[file]!;
    unpacked.set(name, content);
    return content;
  };
  const title = (name: string) => `${path}, ${name}`;
  return {
    ...{ names, title, close: () => unpacked.clear() },
    read: async (name) => {
      const content = contentOf(name);
      let at = 0;
      return {
        limit: content.length,
        read: async (target) => {
          const part = content.subarray(at, at + target.length);
          target.set(part);
          at += part.length;
          return part.length;
        },
        finish: async () => {
          if (at < content.length)
            throw new DataError(`${title(name)}: is longer than its header says; save or copy it again.`);
        },
        close: () => undefined,
      };
    },
  };
}

function unpack(
  bytes: Uint8Array,
  path: string,
  isWanted: (file: string, size: number, packed: number) => boolean,
) {
  try {
    return unzipSync(bytes, { filter: ({ name, originalSize, size }) => isWanted(name, originalSize, size) });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: is not an .npz file, or damaged (${reasonOf(error)}); get the file again.`);
  }
}
