import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { fixture } from '../../test/fixture';
import { decodeBmp } from './bmp';
import type { ImageSettings } from './decode-image';
import { decodeImage } from './decode-image';

const pillow =
  fixture<{ name: string; bytes: string; shape: number[]; pixels: string; grey: string }[]>('images.json');
const resized = fixture<{
  files: Record<string, string>;
  resized: { file: string; size: [number, number]; pixels: string }[];
}>('resized.json');

const plain: ImageSettings = { imageSize: null, channels: null, maxPixels: 1e6 };
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
const imageNamed = (name: string) => bytesOf(pillow.find((image) => image.name === name)!.bytes);

function farthest(actual: Uint8Array, expected: Uint8Array): number {
  expect(actual).toHaveLength(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
}

describe('decodeImage', () => {
  it.each(pillow)(
    'reads $name as Pillow does, in colour and in grey',
    async ({ name, bytes, shape, ...expected }) => {
      const image = await decodeImage(sharp, bytesOf(bytes), plain);
      expect([image.height, image.width, image.channels]).toEqual(shape);
      // Rounding of what shows through alpha differs.
      const within = /alpha|rgba/u.test(name) ? 1 : 0;
      expect(farthest(image.pixels, bytesOf(expected.pixels))).toBeLessThanOrEqual(within);
      const grey = await decodeImage(sharp, bytesOf(bytes), { ...plain, channels: 1 });
      expect(farthest(grey.pixels, bytesOf(expected.grey))).toBeLessThanOrEqual(within);
      const colour = await decodeImage(sharp, bytesOf(bytes), { ...plain, channels: 3 });
      expect(colour.pixels).toHaveLength(3 * shape[0]! * shape[1]!);
      expect(colour.pixels[0]).toBe(image.pixels[0]);
    },
  );

  it.each(resized.resized)('resizes a $file to $size as Pillow does', async ({ file, size, pixels }) => {
    const settings: ImageSettings = { ...plain, imageSize: size, channels: 3 };
    const image = await decodeImage(sharp, bytesOf(resized.files[file]!), settings);
    expect([image.height, image.width]).toEqual(size);
    const expected = bytesOf(pixels);
    const sum = expected.reduce((total, value, i) => total + Math.abs(value - image.pixels[i]!), 0);
    expect(farthest(image.pixels, expected)).toBeLessThanOrEqual(10);
    // What libvips enlarges lies up to a quarter of a pixel beside what Pillow does.
    expect(sum / expected.length).toBeLessThan(size[0] > 60 ? 3 : 2);
  });

  it.each(['rgb.bmp', 'grey.bmp', 'cmyk.jpg', 'orientation-6.jpg', 'grey-16.png'])(
    'resizes %s',
    async (name) => {
      const { height, width, channels, pixels } = await decodeImage(sharp, imageNamed(name), {
        ...plain,
        imageSize: [5, 4],
      });
      expect([height, width, channels]).toEqual([5, 4, name.startsWith('grey') ? 1 : 3]);
      expect(pixels).toHaveLength(20 * channels);
    },
  );

  it.each(['rgb.png', 'rgb.jpg', 'progressive.jpeg', 'cmyk.jpg', 'lossless.webp', 'palette.gif', 'rgb.bmp'])(
    'refuses a %s that is cut off',
    async (name) => {
      const bytes = imageNamed(name);
      for (const imageSize of [null, [4, 4] as const]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * 0.7));
        await expect(decodeImage(sharp, cut, { ...plain, imageSize })).rejects.toThrow(/cut off/u);
      }
    },
  );

  it('refuses what is empty, no image, or damaged', async () => {
    await expect(decodeImage(sharp, Buffer.alloc(0), plain)).rejects.toThrow('is empty');
    await expect(decodeImage(sharp, Buffer.from('hello, world'), plain)).rejects.toThrow(
      'is not an image of a known format',
    );
    const damaged = imageNamed('rgb.png');
    damaged[damaged.indexOf('IDAT') + 9]! ^= 0xff;
    await expect(decodeImage(sharp, damaged, plain)).rejects.toThrow('is damaged or cut off');
  });

  it('refuses an image with more pixels than allowed before it decodes it', async () => {
    const huge = imageNamed('rgb.png');
    huge.writeUInt32BE(10_000, 16);
    huge.writeUInt32BE(10_000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    await expect(decodeImage(sharp, huge, { ...plain, maxPixels: 64e6 })).rejects.toThrow(
      'has 10000x10000 pixels, which is more than the limit',
    );
    const header = imageNamed('rgb.bmp');
    header.writeInt32LE(20_000, 18);
    header.writeInt32LE(20_000, 22);
    await expect(decodeImage(sharp, header, plain)).rejects.toThrow('has 20000x20000 pixels, which is more');
  });
});

describe('decodeBmp', () => {
  it('refuses kinds that it does not know, and damaged headers', () => {
    const changed = (at: number, value: number) => {
      const bytes = imageNamed('palette.bmp');
      bytes.writeUInt32LE(value, at);
      return () => decodeBmp(bytes, 1e6);
    };
    expect(changed(14, 39)).toThrow('a header of 39 bytes');
    expect(changed(30, 4)).toThrow('is a BMP of 8 bits with compression 4, which cannot be read');
    expect(changed(18, 0)).toThrow('has 0x10 pixels');
    expect(changed(10, 1e6)).toThrow('is cut off');
  });
});
