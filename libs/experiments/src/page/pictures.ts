import type { Dataset } from '@label-relaxation/data';
import { encodePng } from './png';

/** Pictures of more pixels than these are left out: the page has to stay small. */
const mostPixels = 128 * 128;

/**
 * Some examples' pictures as `data:` addresses of PNGs, in order; null for each where the data are no small pictures of one or
 * three channels. Numbers that are no bytes are stretched to the picture's own range.
 */
export async function picturesOf(
  dataset: Pick<Dataset, 'shape' | 'dtype' | 'read'>,
  examples: Int32Array,
): Promise<(string | null)[]> {
  const [height, width = 0, channels] = dataset.shape;
  if ((channels !== 1 && channels !== 3) || height * width > mostPixels) {
    return Array.from(examples, () => null);
  }
  const inputs = await dataset.read(examples);
  const size = height * width * channels;
  return Array.from(examples, (_, i) => {
    const values = inputs.subarray(i * size, (i + 1) * size);
    const pixels = values instanceof Uint8Array ? values : stretched(values);
    return `data:image/png;base64,${encodePng(pixels, height, width, channels).toString('base64')}`;
  });
}

function stretched(values: Float32Array): Uint8Array {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const range = high > low ? high - low : 1;
  return Uint8Array.from(values, (value) => Math.round((255 * (value - low)) / range));
}
