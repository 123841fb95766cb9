import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { reasonOf } from '../errors';
import type { ImageSettings } from './decode-image';
import { decodeImage } from './decode-image';
import type { Image } from './image';

/** A file, or the bytes of one. */
export type ImageItem = string | Uint8Array;

/** A chunk of images to decode. */
export interface DecodeRequest {
  readonly id: number;
  readonly items: readonly ImageItem[];
  /** The height and width that all images must have; the pixels of others, which may be many, are left out. */
  readonly size: readonly [height: number, width: number] | null;
}

/** The images of a chunk in its order; what is wrong with one takes its place, in words that go on from its name. */
export interface DecodeReply {
  readonly id: number;
  readonly images: readonly (Image | string)[];
}

// One thread an image: the images themselves are what goes on at once.
sharp.concurrency(1);
sharp.cache(false);

const settings = workerData as ImageSettings;

const port = parentPort!;

/** Null ends the thread when nothing is under way any more. */
port.on('message', async (request: DecodeRequest | null) => {
  if (request === null) {
    port.close();
    return;
  }
  const { id, items, size } = request;
  const images = await Promise.all(items.map((item) => decode(item, size)));
  const reply: DecodeReply = { id, images };
  port.postMessage(
    reply,
    images.flatMap((image) => (typeof image === 'string' ? [] : [image.pixels.buffer as ArrayBuffer])),
  );
});

async function decode(item: ImageItem, size: DecodeRequest['size']): Promise<Image | string> {
  try {
    const bytes = typeof item === 'string' ? await readFile(item) : item;
    const { pixels, ...image } = await decodeImage(sharp, bytes, settings);
    if (size && (image.height !== size[0] || image.width !== size[1])) {
      return { ...image, pixels: new Uint8Array(0) };
    }
    // Small buffers share memory with others, which cannot be handed over.
    const own = pixels.byteLength === pixels.buffer.byteLength ? pixels : pixels.slice();
    return { ...image, pixels: own as Uint8Array };
  } catch (error) {
    return reasonOf(error);
  }
}
