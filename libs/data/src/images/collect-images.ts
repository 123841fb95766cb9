import type { ImageShape } from '../dataset';
import { DataError } from '../errors';
import type { Watch } from '../sources/source';
import type { RowSink } from '../storage/rows';
import type { ImageSettings } from './decode-image';
import { decodeAll } from './decode-pool';
import type { ImageItem } from './decode-worker';

/** How images become inputs. */
export interface ImageOptions {
  /** Height and width to resize to; by default images must have one size. */
  readonly imageSize?: readonly [height: number, width: number];
  /** 1 makes all images grey, 3 colours; by default colours unless all are grey. */
  readonly channels?: 1 | 3;
  /** Leave out images that cannot be read, in place of an error. */
  readonly skipDamaged?: boolean;
  /** The most pixels that an image may have, so that a small file cannot take all memory; by default 64 million. */
  readonly maxPixels?: number;
}

export const defaultMaxPixels = 64e6;

/** Images to read, in their order. */
export interface ImageList {
  /** Path to name in errors. */
  readonly path: string;
  readonly count: number;
  items(): AsyncIterable<ImageItem> | Iterable<ImageItem>;
  nameOf(index: number): string;
  /** The sizes of the images with how many have each, the most frequent first. */
  sizes(): Promise<readonly [size: string, count: number][]>;
}

/** The shape of all images, which of them were read, and what was left out. */
export interface CollectedImages {
  readonly shape: ImageShape;
  /** Places in the list of the images that were read. */
  readonly kept: Int32Array;
  readonly notes: readonly string[];
}

const mostNamed = 50;

/**
 * Decodes images into the sink.
 *
 * @throws DataError for an image that cannot be read, unless such are left out, or images of different sizes.
 */
export async function collectImages(
  images: ImageList,
  { imageSize, skipDamaged = false, maxPixels = defaultMaxPixels }: ImageOptions,
  channels: 1 | 3,
  sink: RowSink,
  { signal, onStage }: Watch,
): Promise<CollectedImages> {
  const settings: ImageSettings = { imageSize: imageSize ?? null, channels, maxPixels };
  const kept: number[] = [];
  const damaged: string[] = [];
  let shape: ImageShape | null = null;
  let index = 0;
  let tenth = -1;
  for await (const image of decodeAll(images.items(), images.count, settings, signal)) {
    if (Math.floor((10 * index) / images.count) > tenth) {
      tenth = Math.floor((10 * index) / images.count);
      onStage?.(`decoding ${images.count} images of ${images.path}: ${10 * tenth}%`);
    }
    if (typeof image === 'string') {
      if (!skipDamaged) throw damagedError(images.nameOf(index), image);
      damaged.push(`${images.nameOf(index)} ${image}`);
    } else {
      const { height, width, pixels } = image;
      if (shape === null) {
        shape = [height, width, channels];
        await sink.begin({ shape, dtype: 'uint8' }, images.count);
      }
      if (height !== shape[0] || width !== shape[1]) throw await sizesError(images);
      await sink.append(pixels);
      kept.push(index);
    }
    index++;
  }
  if (shape === null) throw new DataError(`${images.path}: has no image that can be read.`);
  return { shape, kept: Int32Array.from(kept), notes: notesOf(images.path, damaged) };
}

function damagedError(name: string, reason: string): DataError {
  const limit = reason.endsWith('the limit') ? 'raise it by --max_megapixels, ' : '';
  return new DataError(
    `${name}: ${reason}: ${limit}mend or remove the file, or leave out all such by --skip_damaged.`,
  );
}

async function sizesError(images: ImageList): Promise<DataError> {
  const sizes = await images.sizes();
  const shown = sizes.slice(0, 4).map(([size, count]) => `${size} (${count})`);
  const more = sizes.length > 4 ? ` and ${sizes.length - 4} more` : '';
  return new DataError(
    `${images.path}: the images have different sizes, ${shown.join(', ')}${more}: ` +
      'give one for all of them, height x width, such as --image_size 64 or --image_size 48x64.',
  );
}

function notesOf(path: string, damaged: readonly string[]): string[] {
  if (damaged.length === 0) return [];
  const named = damaged.slice(0, mostNamed).join('; ');
  const more = damaged.length > mostNamed ? `; and ${damaged.length - mostNamed} more` : '';
  const files = damaged.length === 1 ? '1 damaged image is' : `${damaged.length} damaged images are`;
  return [`${path}: ${files} left out: ${named}${more}`];
}
