import { DataError } from '../errors';
import type { NpyHeader } from '../formats/npy';
import { asLabels, exactly, inRowMajorOrder, readNpyHeader } from '../formats/npy';
import type { ArrayBytes } from '../formats/npz';

/** Arrays by their names: of an `.npz` file, or of a folder of `.npy` files. */
export interface Arrays {
  readonly names: readonly string[];
  read(name: string): Promise<ArrayBytes>;
  /** How to call an array in an error. */
  title(name: string): string;
  close(): void;
}

/** The header of an array. */
export async function headerOf(arrays: Arrays, name: string): Promise<NpyHeader> {
  const bytes = await arrays.read(name);
  try {
    return await readNpyHeader(bytes, arrays.title(name));
  } finally {
    bytes.close();
  }
}

const chunkBytes = 1 << 22;
/** The most bytes of an array that can be read only as a whole. */
const mostWhole = 2 ** 31;
/** The most numbers or texts that labels may be: more have no room in memory. */
const mostLabels = 2 ** 27;

/**
 * Goes over the rows of an array, a few at a time, in row-major order whatever the file's.
 *
 * @param take gets the bytes of the next rows, which are its own.
 */
export async function eachRow(
  arrays: Arrays,
  name: string,
  take: (bytes: Uint8Array, header: NpyHeader) => Promise<void>,
): Promise<void> {
  const title = arrays.title(name);
  const bytes = await arrays.read(name);
  try {
    const header = await readNpyHeader(bytes, title);
    const { shape, itemBytes, fortranOrder } = header;
    const [rows = 1, ...sides] = shape;
    const rowBytes = sides.reduce((product, side) => product * side, itemBytes);
    if (fortranOrder) {
      if (rows * rowBytes > mostWhole) {
        throw new DataError(
          `${title}: has ${rows * rowBytes} bytes in Fortran's order, in which it cannot be read piece by piece: ` +
            'save it in C order (numpy.ascontiguousarray).',
        );
      }
      const all = await exactly(bytes, rows * rowBytes, title);
      await take(inRowMajorOrder(all, shape, itemBytes), header);
    } else {
      const chunkRows = Math.max(1, Math.floor(chunkBytes / Math.max(1, rowBytes)));
      for (let row = 0; row < rows; row += chunkRows) {
        const length = Math.min(chunkRows, rows - row) * rowBytes;
        await take(await exactly(bytes, length, title), header);
      }
    }
    await bytes.finish();
  } finally {
    bytes.close();
  }
}

/** All values of an array of labels, numbers or texts, once `check` has seen its shape. */
export async function labelValues(
  arrays: Arrays,
  name: string,
  check: (shape: readonly number[]) => void = () => undefined,
): Promise<(number | string)[]> {
  const { shape } = await headerOf(arrays, name);
  check(shape);
  if (shape.reduce((product, side) => product * side, 1) > mostLabels) {
    throw new DataError(`${arrays.title(name)}: has the shape (${shape.join(', ')}): too many labels.`);
  }
  const values: (number | string)[] = [];
  await eachRow(arrays, name, async (bytes, header) => {
    for (const value of asLabels(bytes, header)) values.push(value);
  });
  return values;
}
