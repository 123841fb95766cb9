import type { Example } from '@label-relaxation/classifier';
import type { Sample } from '../facts';
import { centreDigit, type Ink } from './centre-digit';
import { inkOf } from './ink-of';

/** Larger files are no pictures that a classifier is asked about. */
const mostBytes = 64 * 1024 * 1024;

/** A photograph's ink is looked for in no more pixels a side than these. */
const mostSide = 560;

/** A picture to classify: strokes of the pad, or pixels. */
export type Picture =
  { readonly kind: 'drawing'; readonly ink: Ink } | { readonly kind: 'pixels'; readonly pixels: Pixels };

type Pixels = HTMLCanvasElement | ImageBitmap;

/** What a model gets of a picture, and in words what was done for that. */
export interface Prepared {
  readonly example: Example;
  readonly how: string;
}

/** Whether a model takes digits as MNIST has them. */
export function takesDigits(shape: readonly number[]): boolean {
  return shape.join() === '28,28,1';
}

/**
 * A picture for a model: strokes as MNIST's makers prepared theirs, and so photographs of digits for a model that was trained
 * on MNIST; other pictures resized. Null of an empty pad.
 *
 * @param shape height, width and channels
 */
export function prepare(picture: Picture, shape: readonly number[], dataset: string): Prepared | null {
  if (picture.kind === 'drawing') return digit(picture.ink, 'Centred and scaled as MNIST is.');
  const [height = 0, width = 0] = shape;
  const { pixels } = picture;
  const fits = pixels.height === height && pixels.width === width;
  if (!fits && takesDigits(shape) && dataset === 'mnist') {
    const scale = Math.min(1, mostSide / Math.max(pixels.height, pixels.width));
    const [rows, columns] = [pixels.height, pixels.width].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    return digit(inkOf(pixelsOf(pixels, rows!, columns!)), 'Its ink, centred and scaled as MNIST is.');
  }
  const how = fits
    ? 'As it is.'
    : `Resized from ${pixels.width} x ${pixels.height} to ${width} x ${height} pixels.`;
  return { example: pixelsOf(pixels, height, width), how };
}

function digit(ink: Ink, how: string): Prepared | null {
  const example = centreDigit(ink);
  return example && { example, how };
}

function pixelsOf(pixels: Pixels, height: number, width: number): ImageData {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(pixels, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Reads a picture file. Throws an Error in one line for what is none. */
export async function readPicture(file: File): Promise<Picture> {
  if (file.size > mostBytes)
    throw new Error(
      `${file.name} has ${Math.round(file.size / 2 ** 20)} MB: take a picture of at most 64 MB.`,
    );
  try {
    return { kind: 'pixels', pixels: await createImageBitmap(file) };
  } catch {
    throw new Error(
      `${file.name} is no picture that this browser reads: take a PNG, JPEG, WebP or GIF file.`,
    );
  }
}

/** A sample as a canvas. */
export function canvasOf({ pixels }: Sample, [height = 0, width = 0, channels = 1]: readonly number[]) {
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  return paint(Object.assign(document.createElement('canvas'), { width, height }), bytes, channels);
}

/** Paints what a model gets. */
export function paintExample(
  canvas: HTMLCanvasElement,
  { example }: Prepared,
  shape: readonly number[],
): void {
  const [height = 0, width = 0, channels = 1] = shape;
  Object.assign(canvas, { width, height });
  if (example instanceof ImageData) canvas.getContext('2d')!.putImageData(example, 0, 0);
  else paint(canvas, example as Uint8Array, channels);
}

/** Paints bytes of one channel (grey) or three. */
function paint(canvas: HTMLCanvasElement, bytes: Uint8Array, channels: number): HTMLCanvasElement {
  const { width, height } = canvas;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const at = (channel: number) => bytes[i * channels + (channels === 3 ? channel : 0)]!;
    image.data.set([at(0), at(1), at(2), 255], 4 * i);
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
