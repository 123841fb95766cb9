import { join } from 'node:path';
import { DataError } from '../errors';
import { openBytes } from '../formats/byte-reader';
import { openNpz } from '../formats/npz';
import type { Arrays } from './arrays';

/** The arrays of an `.npz` file. Throws a DataError where it is none. */
export async function arraysOfNpz(path: string): Promise<Arrays> {
  const npz = await openNpz(path);
  return { ...npz, title: (name) => `${path}, ${name}` };
}

/** The arrays of a folder, each in a file of its name. */
export function arraysOfFolder(folder: string, names: readonly string[]): Arrays {
  const pathOf = (name: string) => join(folder, `${name}.npy`);
  return {
    names,
    title: pathOf,
    close: () => undefined,
    read: async (name) => {
      const reader = await openBytes(pathOf(name));
      return {
        limit: reader.limit,
        read: (target) => reader.read(target),
        close: () => reader.close(),
        finish: async () => {
          if ((await reader.drain()) > 0) {
            throw new DataError(`${pathOf(name)}: is longer than its header says; save or copy it again.`);
          }
        },
      };
    },
  };
}
