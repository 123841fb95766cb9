import type { Dataset } from './dataset';
import { DataError } from './errors';

/**
 * The per-pixel mean of some images, [height, width, channels], as float32, of pixels divided by 255.
 *
 * The sums are exact (whole numbers), so the order of the examples does not matter.
 *
 * @param examples example numbers.
 * @throws DataError if there are none, or one is outside the data.
 */
export function meanImage(dataset: Pick<Dataset, 'images' | 'shape'>, examples: Int32Array): Float32Array {
  const { images, shape } = dataset;
  const pixels = shape[0] * shape[1] * shape[2];
  const size = images.length / pixels;
  if (examples.length === 0) {
    throw new DataError('The mean image needs at least one example.');
  }
  // 2^32 / 255 examples would be needed to overflow these sums.
  const sums = new Uint32Array(pixels);
  for (const example of examples) {
    if (example < 0 || example >= size) {
      throw new DataError(`There is no example ${example}: the data has examples 0 to ${size - 1}.`);
    }
    const start = example * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      sums[pixel]! += images[start + pixel]!;
    }
  }
  const scale = 255 * examples.length;
  return Float32Array.from(sums, (sum) => sum / scale);
}
