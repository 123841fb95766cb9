import type { Inputs } from '../dataset';
import { pixelScale } from '../dataset';
import { widthOf } from '../storage/rows';
import type { InputSource } from './in-chunks';
import { inChunks } from './in-chunks';

/**
 * The per-pixel mean of some images, [height, width, channels], as float32, of pixels times the dataset's scale.
 *
 * The sums of bytes are exact (whole numbers), so that the order of the examples does not matter.
 *
 * @param examples example numbers.
 * @throws DataError if there are none, or one is outside the data.
 */
export async function meanImage(dataset: InputSource, examples: Int32Array): Promise<Float32Array> {
  const ofBytes = dataset.scale === pixelScale;
  const pixels = widthOf(dataset.shape);
  // 2^32 / 255 examples would be needed to overflow the sums of bytes.
  const sums = ofBytes ? new Uint32Array(pixels) : new Float64Array(pixels);
  await inChunks(dataset, examples, (inputs, rows) => addImages(sums, inputs, rows));
  const divisor = (ofBytes ? 255 : 1) * examples.length;
  return Float32Array.from(sums, (sum) => sum / divisor);
}

function addImages(sums: Uint32Array | Float64Array, images: Inputs, rows: Int32Array): void {
  const pixels = sums.length;
  // Four images at a time: three times as fast as one.
  const fours = rows.length - (rows.length % 4);
  for (let i = 0; i < fours; i += 4) {
    const a = rows[i]! * pixels;
    const b = rows[i + 1]! * pixels;
    const c = rows[i + 2]! * pixels;
    const d = rows[i + 3]! * pixels;
    for (let p = 0; p < pixels; p++) {
      sums[p]! += images[a + p]! + images[b + p]! + images[c + p]! + images[d + p]!;
    }
  }
  for (const row of rows.subarray(fours)) {
    const start = row * pixels;
    for (let p = 0; p < pixels; p++) {
      sums[p]! += images[start + p]!;
    }
  }
}
