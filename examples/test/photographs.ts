import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { numbers } from '../../tools/test/numbers';

const side = 40;

/** How a picture of stripes becomes a file: as cameras and programs write them. */
const formats: Readonly<
  Record<string, (image: sharp.Sharp, pixels: Uint8Array) => Promise<Buffer> | Buffer>
> = {
  'plain.png': (image) => image.png().toBuffer(),
  'plain.jpg': (image) => image.jpeg({ quality: 90 }).toBuffer(),
  'plain.webp': (image) => image.webp({ quality: 90 }).toBuffer(),
  'plain.gif': (image) => image.gif().toBuffer(),
  'plain.bmp': (_, pixels) => bmp(pixels),
  // A camera held upright: the pixels lie, and EXIF alone says so.
  'turned.jpg': (image) =>
    image.rotate(-90).jpeg({ quality: 90 }).withMetadata({ orientation: 6 }).toBuffer(),
  '16-bit.png': (image) => image.toColourspace('rgb16').png().toBuffer(),
  'palette.png': (image) => image.png({ palette: true }).toBuffer(),
  'grey.png': (image) => image.greyscale().png().toBuffer(),
  'cmyk.jpg': (image) => image.toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer(),
  'transparent.png': (_, pixels) => transparent(pixels),
};

/**
 * Writes photographs of lying, standing and crossed stripes into three class folders, in all of these forms. Two of
 * them are damaged.
 */
export async function writePhotographs(folder: string, ofEach: number): Promise<void> {
  const next = numbers(3);
  const names = Object.keys(formats);
  const open = (pixels: Uint8Array) => sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  for (const kind of ['crossed', 'lying', 'standing'] as const) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (let i = 0; i < ofEach; i++) {
      const pixels = stripes(kind, next);
      const name = names[i % names.length]!;
      writeFileSync(join(folder, kind, `${i}-${name}`), await formats[name]!(open(pixels), pixels));
    }
  }
  const whole = await open(stripes('lying', next)).jpeg().toBuffer();
  writeFileSync(join(folder, 'lying', 'cut-off.jpg'), whole.subarray(0, whole.length / 2));
  writeFileSync(join(folder, 'lying', 'empty.jpg'), '');
}

/** Dark stripes on a white ground, as [height, width, 3]. */
function stripes(kind: 'crossed' | 'lying' | 'standing', next: () => number): Uint8Array {
  const [colour, width, phase] = [
    [next(), next(), next()].map((value) => Math.floor(140 * value)),
    3 + Math.floor(3 * next()),
    Math.floor(12 * next()),
  ] as const;
  const isDark = (place: number) => Math.floor((place + phase) / width) % 2 === 0;
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [y, x] = [Math.floor(i / (3 * side)), Math.floor(i / 3) % side];
    const dark = (kind !== 'standing' && isDark(y)) || (kind !== 'lying' && isDark(x));
    return dark ? colour[i % 3]! : 255;
  });
}

/** A PNG whose white is transparent black. */
function transparent(pixels: Uint8Array): Promise<Buffer> {
  const isWhite = (place: number) => [0, 1, 2].every((channel) => pixels[3 * place + channel] === 255);
  const raw = Uint8Array.from({ length: side * side * 4 }, (_, i) => {
    const [place, channel] = [Math.floor(i / 4), i % 4];
    if (isWhite(place)) return 0;
    return channel === 3 ? 255 : pixels[3 * place + channel]!;
  });
  return sharp(raw, { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
}

/** A BMP of 24 bits, its rows from the bottom up in blue, green and red. */
function bmp(pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + pixels.length, 2);
  [54, 40, side, side].forEach((value, i) => header.writeUInt32LE(value, 10 + 4 * i));
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const rows = Buffer.from(
    pixels.map((_, i) => {
      const [row, column] = [Math.floor(i / (3 * side)), i % (3 * side)];
      return pixels[(side - 1 - row) * 3 * side + 3 * Math.floor(column / 3) + 2 - (column % 3)]!;
    }),
  );
  return Buffer.concat([header, rows]);
}
