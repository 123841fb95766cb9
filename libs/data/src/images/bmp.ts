import type { Image } from './image';
import { ImageError } from './image';

/** What a BMP's headers say. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Red, green and blue of each entry; empty where pixels are colours themselves. */
  readonly palette: Uint8Array;
  /** Masks of red, green, blue and alpha in a pixel of 16 or 32 bits; 0 where there is none. */
  readonly masks: readonly [number, number, number, number];
}

const uncompressed = 0;
const runs8 = 1;
const runs4 = 2;
const fields = 3;
const alphaFields = 6;

/** Whether these are the first bytes of a BMP. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes a BMP of Windows or OS/2: 1, 4, 8, 16, 24 or 32 bits a pixel, palettes, masks, run lengths; alpha is put on
 * white. Grey where the palette is.
 *
 * @throws ImageError for another kind, a damaged file, or more than `maxPixels` pixels.
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Image {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = readLayout(file, maxPixels);
  return layout.palette.length > 0 ? withPalette(file, layout) : withoutPalette(file, layout);
}

/** Whether a BMP has a palette of greys alone; false for a damaged one. */
export function hasGreyPalette(bytes: Uint8Array): boolean {
  try {
    const { palette } = readLayout(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), Infinity);
    return palette.length > 0 && isGrey(palette);
  } catch {
    return false;
  }
}

/** Height and width of a BMP. */
export function bmpSize(bytes: Uint8Array): [height: number, width: number] {
  const { height, width } = readLayout(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    Infinity,
  );
  return [height, width];
}

function isGrey(palette: Uint8Array): boolean {
  return palette.every((value, i) => value === palette[i - (i % 3)]);
}

function readLayout(file: Buffer, maxPixels: number): Layout {
  if (file.length < 26) throw new ImageError('is cut off');
  const headerBytes = file.readUInt32LE(14);
  const isOld = headerBytes === 12;
  if (!isOld && (headerBytes < 40 || file.length < 14 + headerBytes)) {
    throw new ImageError(`is a BMP with a header of ${headerBytes} bytes, which is not known or cut off`);
  }
  const width = isOld ? file.readUInt16LE(18) : file.readInt32LE(18);
  const signedHeight = isOld ? file.readUInt16LE(20) : file.readInt32LE(22);
  const height = Math.abs(signedHeight);
  const bits = file.readUInt16LE(isOld ? 24 : 28);
  const compression = isOld ? uncompressed : file.readUInt32LE(30);
  if (width <= 0 || height === 0) throw new ImageError(`has ${width}x${height} pixels`);
  if (width * height > maxPixels) throw tooLarge(height, width);
  checkKind(bits, compression);
  const hasMasks = compression === fields || compression === alphaFields;
  const masksInHeader = headerBytes >= 52;
  const afterHeader =
    14 + headerBytes + (hasMasks && !masksInHeader ? (compression === fields ? 12 : 16) : 0);
  const named = isOld ? 0 : file.readUInt32LE(46);
  const colours = bits > 8 ? 0 : Math.min(named || 2 ** bits, 2 ** bits);
  const palette = readPalette(file, afterHeader, colours, isOld ? 3 : 4);
  return {
    ...{ width, height, topDown: signedHeight < 0, bits, compression, palette },
    start: file.readUInt32LE(10),
    masks: hasMasks ? readMasks(file, headerBytes >= 56 || compression === alphaFields) : defaultMasks(bits),
  };
}

/** The error for an image with more pixels than are allowed. */
export function tooLarge(height: number, width: number): ImageError {
  return new ImageError(`has ${height}x${width} pixels, which is more than the limit`);
}

function checkKind(bits: number, compression: number): void {
  const kinds: Readonly<Record<number, readonly number[]>> = {
    [uncompressed]: [1, 4, 8, 16, 24, 32],
    [runs8]: [8],
    [runs4]: [4],
    [fields]: [16, 32],
    [alphaFields]: [16, 32],
  };
  if (!kinds[compression]?.includes(bits)) {
    throw new ImageError(`is a BMP of ${bits} bits with compression ${compression}, which cannot be read`);
  }
}

function readPalette(file: Buffer, start: number, colours: number, entryBytes: number): Uint8Array {
  if (file.length < start + colours * entryBytes) throw new ImageError('is cut off');
  return Uint8Array.from(
    { length: 3 * colours },
    (_, i) => file[start + Math.floor(i / 3) * entryBytes + 2 - (i % 3)]!,
  );
}

function readMasks(file: Buffer, withAlpha: boolean): Layout['masks'] {
  if (file.length < 54 + (withAlpha ? 16 : 12)) throw new ImageError('is cut off');
  const mask = (i: number) => file.readUInt32LE(54 + 4 * i);
  return [mask(0), mask(1), mask(2), withAlpha ? mask(3) : 0];
}

function defaultMasks(bits: number): Layout['masks'] {
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
}

function withPalette(file: Buffer, layout: Layout): Image {
  const { width, height, palette, compression } = layout;
  const indices = compression === uncompressed ? packedIndices(file, layout) : runIndices(file, layout);
  const channels = isGrey(palette) ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  indices.forEach((index, i) => {
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = palette[3 * index + c] ?? 0;
  });
  return { height, width, channels, pixels };
}

/** Bytes of a row of pixels in the file, which is filled up to whole words. */
function rowBytes({ width, bits }: Layout): number {
  return Math.ceil((width * bits) / 32) * 4;
}

/** Where each row, from the top on, begins in the file. */
function rowStarts(file: Buffer, layout: Layout): number[] {
  const { height, topDown, start } = layout;
  const bytes = rowBytes(layout);
  if (file.length < start + bytes * height) throw new ImageError('is cut off');
  return Array.from({ length: height }, (_, y) => start + bytes * (topDown ? y : height - 1 - y));
}

function packedIndices(file: Buffer, layout: Layout): Uint8Array {
  const { width, height, bits } = layout;
  const perByte = 8 / bits;
  const indices = new Uint8Array(width * height);
  rowStarts(file, layout).forEach((start, y) => {
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      indices[y * width + x] = (file[start + Math.floor(x / perByte)]! >> shift) & (2 ** bits - 1);
    }
  });
  return indices;
}

/** Indices from run lengths, from the bottom row up; what they skip is index 0. */
function runIndices(file: Buffer, { width, height, bits, start }: Layout): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, height - 1, start];
  const put = (index: number) => {
    if (x < width && y >= 0) indices[y * width + x] = index;
    x++;
  };
  const half = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  for (;;) {
    if (at + 2 > file.length) throw new ImageError('is cut off');
    const [count, value] = [file[at]!, file[at + 1]!];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : half(value, i));
    } else if (value === 0) {
      [x, y] = [0, y - 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      if (at + 2 > file.length) throw new ImageError('is cut off');
      [x, y, at] = [x + file[at]!, y - file[at + 1]!, at + 2];
    } else {
      const bytes = bits === 8 ? value : Math.ceil(value / 2);
      if (at + bytes > file.length) throw new ImageError('is cut off');
      for (let i = 0; i < value; i++) put(bits === 8 ? file[at + i]! : half(file[at + (i >> 1)]!, i));
      at += bytes + (bytes % 2);
    }
  }
}

function withoutPalette(file: Buffer, layout: Layout): Image {
  const { width, height, bits, masks } = layout;
  const pixels = new Uint8Array(width * height * 3);
  const bytes = bits / 8;
  const [red, green, blue, alpha] = masks.map(channel);
  let to = 0;
  for (const start of rowStarts(file, layout)) {
    for (let x = 0; x < width; x++) {
      const value = file.readUIntLE(start + x * bytes, bytes);
      const opaque = masks[3] === 0 ? 255 : alpha!(value);
      for (const one of [red!, green!, blue!]) {
        pixels[to++] = Math.round((one(value) * opaque + 255 * (255 - opaque)) / 255);
      }
    }
  }
  return { height, width, channels: 3, pixels };
}

/** Reads what a mask lets through of a pixel, as a number from 0 to 255. */
function channel(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.floor((((value & mask) >>> shift) * 255) / most);
}
