import type { Dataset, Inputs } from '../dataset';
import { DataError } from '../errors';
import { widthOf } from '../storage/rows';

/** What the statistics of inputs are taken from. */
export type InputSource = Pick<Dataset, 'inputs' | 'read' | 'shape' | 'size' | 'scale'>;

/** Bytes that are read at a time of a dataset that is not in memory. */
const chunkBytes = 1 << 24;

/**
 * Goes over some examples' inputs: all at once where they are in memory, else chunk by chunk.
 *
 * @param take gets numbers and the positions in them, in rows, of the examples meant.
 * @throws DataError if there are no examples, or one is outside the data.
 */
export async function inChunks(
  { inputs, read, size, shape }: InputSource,
  examples: Int32Array,
  take: (inputs: Inputs, rows: Int32Array) => void,
): Promise<void> {
  if (examples.length === 0) {
    throw new DataError('The mean of inputs needs at least one example.');
  }
  const outside = examples.find((example) => example < 0 || example >= size);
  if (outside !== undefined) {
    throw new DataError(`There is no example ${outside}: the data has examples 0 to ${size - 1}.`);
  }
  if (inputs) {
    take(inputs, examples);
    return;
  }
  const width = widthOf(shape);
  const rows = Math.max(1, Math.floor(chunkBytes / width));
  for (let start = 0; start < examples.length; start += rows) {
    const chunk = examples.subarray(start, start + rows);
    take(
      await read(chunk),
      Int32Array.from(chunk, (_, i) => i),
    );
  }
}
