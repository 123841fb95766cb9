import { readFile } from 'node:fs/promises';
import { optionalPackage } from '../optional-package';
import { bmpSize, isBmp } from './bmp';
import type { ImageItem } from './decode-worker';
import { samplesOf } from './samples';

/** How many images are looked at to say which sizes there are. */
const surveyed = 1_000;

/** Whether all images are grey, as far as their headers say; the first coloured one ends the search. */
export async function areAllGrey(items: Iterable<ImageItem> | AsyncIterable<ImageItem>): Promise<boolean> {
  let found = false;
  for await (const item of items) {
    const bytes = await bytesOf(item);
    if (bytes.length === 0) continue;
    if (samplesOf(bytes) !== 'grey') return false;
    found = true;
  }
  return found;
}

/** The sizes of the first images, up to a thousand, with how many have each, the most frequent first. */
export async function sizesOf(
  items: Iterable<ImageItem> | AsyncIterable<ImageItem>,
): Promise<[size: string, count: number][]> {
  const sharp = await optionalPackage('sharp', async () => (await import('sharp')).default);
  const counts = new Map<string, number>();
  let seen = 0;
  for await (const item of items) {
    if (seen++ === surveyed) break;
    try {
      const bytes = await bytesOf(item);
      const [height, width] = isBmp(bytes) ? bmpSize(bytes) : await uprightSize(sharp(bytes).metadata());
      const size = `${height}x${width}`;
      counts.set(size, (counts.get(size) ?? 0) + 1);
    } catch {
      // A damaged image has no size.
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

async function uprightSize(
  metadata: Promise<{ readonly autoOrient: { readonly height: number; readonly width: number } }>,
): Promise<[height: number, width: number]> {
  const { autoOrient } = await metadata;
  return [autoOrient.height, autoOrient.width];
}

async function bytesOf(item: ImageItem): Promise<Uint8Array> {
  return typeof item === 'string' ? readFile(item) : item;
}
