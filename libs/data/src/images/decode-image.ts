import type Sharp from 'sharp';
import { decodeBmp, isBmp } from './bmp';
import type { Image } from './image';
import { fromCmyk, ImageError, toColour, toGrey } from './image';
import { isImage, samplesOf } from './samples';

/** What is made of every image. */
export interface ImageSettings {
  /** Height and width to resize to; null leaves images as they are. */
  readonly imageSize: readonly [height: number, width: number] | null;
  /** Null leaves grey images grey. */
  readonly channels: 1 | 3 | null;
  /** Images with more pixels are refused before they are decoded. */
  readonly maxPixels: number;
}

/**
 * Decodes a PNG, JPEG, WebP, GIF (its first frame) or BMP, told by its content: turned as its EXIF says, on white, to 8
 * bits. Colour profiles are left aside, as by Pillow and TensorFlow. Resizing is bilinear and takes all pixels; what is
 * enlarged lies up to a quarter of a pixel beside what Pillow makes.
 *
 * @param bytes of the file.
 * @throws ImageError for anything that is no whole image.
 */
export async function decodeImage(
  sharp: typeof Sharp,
  bytes: Uint8Array,
  { imageSize, channels, maxPixels }: ImageSettings,
): Promise<Image> {
  if (bytes.length === 0) throw new ImageError('is empty');
  // Sharp reads more formats, some of which lead to other files.
  if (!isImage(bytes)) throw new ImageError('is not an image of a known format');
  const image = isBmp(bytes)
    ? await resized(sharp, decodeBmp(bytes, maxPixels), imageSize)
    : await decodeBySharp(sharp, bytes, imageSize, maxPixels);
  if (channels === 1 && image.channels === 3) return toGrey(image);
  return channels === 3 && image.channels === 1 ? toColour(image) : image;
}

async function decodeBySharp(
  sharp: typeof Sharp,
  bytes: Uint8Array,
  imageSize: ImageSettings['imageSize'],
  maxPixels: number,
): Promise<Image> {
  const samples = samplesOf(bytes);
  const pipeline = sharp(bytes, {
    failOn: 'error',
    ignoreIcc: true,
    limitInputPixels: maxPixels,
  });
  if (mayBeTurned(bytes)) pipeline.autoOrient();
  if (imageSize) resize(pipeline, imageSize);
  if (samples === 'cmyk') pipeline.pipelineColourspace('cmyk').toColourspace('cmyk');
  else pipeline.flatten({ background: '#ffffff' }).toColourspace(samples === 'grey' ? 'b-w' : 'srgb');
  try {
    const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const { height, width } = info;
    if (samples === 'cmyk') return fromCmyk(height, width, data);
    return { height, width, channels: samples === 'grey' ? 1 : 3, pixels: data };
  } catch (error) {
    throw await explained(sharp, bytes, error as Error);
  }
}

/** Whether a file may have EXIF, which alone says that an image is turned: to ask sharp costs a fifth of decoding. */
function mayBeTurned(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ['Exif', 'eXIf', 'EXIF'].some((mark) => file.includes(mark, 0, 'latin1'));
}

async function resized(
  sharp: typeof Sharp,
  image: Image,
  imageSize: ImageSettings['imageSize'],
): Promise<Image> {
  if (!imageSize) return image;
  const { height, width, channels, pixels } = image;
  const pipeline = sharp(pixels, { raw: { height, width, channels } });
  const data = await resize(pipeline, imageSize)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  return { height: imageSize[0], width: imageSize[1], channels, pixels: data };
}

function resize(pipeline: Sharp.Sharp, [height, width]: readonly [number, number]): Sharp.Sharp {
  return pipeline.resize({ height, width, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
}

async function explained(sharp: typeof Sharp, bytes: Uint8Array, error: Error): Promise<ImageError> {
  const reason = error.message.split('\n')[0]!;
  if (/exceeds pixel limit/iu.test(reason)) {
    const ofAll = sharp(bytes, { limitInputPixels: false }).metadata();
    // A damaged file may say how large it is in one way, and not in another.
    const size = await ofAll.catch(() => null);
    if (size === null) return new ImageError('has more pixels than the limit');
    return new ImageError(`has ${size.height}x${size.width} pixels, which is more than the limit`);
  }
  if (/unsupported image format/iu.test(reason)) return new ImageError('is not an image of a known format');
  return new ImageError(`is damaged or cut off (${reason})`);
}
