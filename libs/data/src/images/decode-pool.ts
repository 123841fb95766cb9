import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataError } from '../errors';
import { optionalPackage } from '../optional-package';
import type { ImageSettings } from './decode-image';
import type { DecodeReply, DecodeRequest, ImageItem } from './decode-worker';
import type { Image } from './image';

/** Images that are worth a thread of their own. */
const imagesPerWorker = 64;
/** About so many bytes of pixels are under way in a chunk. */
const chunkBytes = 1 << 22;
const mostInChunk = 64;

/**
 * Decodes images in worker threads, as many as there are cores, and gives them in their order.
 *
 * @param count of the images, at least about.
 * @returns each image, or what is wrong with it, in words that go on from its name. One of another size than the first
 * may lack its pixels.
 * @throws DataError where sharp is missing; the signal's reason if that aborts.
 */
export async function* decodeAll(
  items: AsyncIterable<ImageItem> | Iterable<ImageItem>,
  count: number,
  settings: ImageSettings,
  signal?: AbortSignal,
): AsyncGenerator<Image | string> {
  await optionalPackage('sharp', () => import('sharp'));
  const size = Math.max(1, Math.min(availableParallelism(), Math.ceil(count / imagesPerWorker)));
  const workers = Array.from({ length: size }, () => new DecodeWorker(settings));
  try {
    const waiting: Promise<readonly (Image | string)[]>[] = [];
    // The first chunk is one image, which tells how large they are.
    let inChunk = 1;
    let chunk: ImageItem[] = [];
    let next = 0;
    let first: DecodeRequest['size'] = null;
    const send = () => {
      const reply = workers[next++ % size]!.decode(chunk, first);
      // Whoever waits for the chunk meets the error.
      reply.catch(() => undefined);
      waiting.push(reply);
      chunk = [];
    };
    for await (const item of items) {
      signal?.throwIfAborted();
      chunk.push(item);
      if (chunk.length < inChunk) continue;
      send();
      if (waiting.length > 2 * size || inChunk === 1) {
        for (const image of await waiting.shift()!) {
          if (typeof image !== 'string') {
            inChunk = suitable(image);
            first ??= [image.height, image.width];
          }
          yield image;
        }
      }
    }
    if (chunk.length > 0) send();
    for (const reply of waiting) {
      signal?.throwIfAborted();
      yield* await reply;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

function suitable({ pixels }: Image): number {
  return Math.max(2, Math.min(mostInChunk, Math.floor(chunkBytes / Math.max(1, pixels.length))));
}

interface Waiting {
  resolve(images: readonly (Image | string)[]): void;
  reject(error: Error): void;
}

/** A thread that decodes chunks of images. */
class DecodeWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #sent = 0;

  constructor(settings: ImageSettings) {
    const file = join(__dirname, `decode-worker${extname(__filename)}`);
    this.#worker = new Worker(file, { workerData: settings });
    this.#worker.on('message', ({ id, images }: DecodeReply) => {
      this.#waiting.get(id)?.resolve(images);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(`a thread ended with ${code}`);
        resolve();
      });
    });
  }

  decode(items: readonly ImageItem[], size: DecodeRequest['size']): Promise<readonly (Image | string)[]> {
    const request: DecodeRequest = { id: this.#sent++, items, size };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  /** Ends the thread when it is done with what it has. */
  end(): Promise<void> {
    this.#worker.postMessage(null);
    return this.#ended;
  }

  #fail(reason: string): void {
    const error = new DataError(`Images cannot be decoded: ${reason.split('\n')[0]}.`);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
