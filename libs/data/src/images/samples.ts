import { hasGreyPalette, isBmp } from './bmp';

/** What an image's samples are, as its header says: what tells grey images from others without decoding them. */
export type Samples = 'grey' | 'colour' | 'cmyk';

/** What files begin with, as bytes of Latin-1; any byte where there is a dot. */
const beginnings = [/^\x89PNG\r\n\x1a\n/su, /^\xff\xd8\xff/su, /^GIF8[79]a/su, /^RIFF....WEBP/su, /^BM/su];

/** Whether these are the first bytes of a PNG, JPEG, GIF, WebP or BMP. */
export function isImage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return beginnings.some((beginning) => beginning.test(start));
}

/** The samples of a PNG, JPEG or BMP; those of other formats are colour. */
export function samplesOf(bytes: Uint8Array): Samples {
  if (isBmp(bytes)) return hasGreyPalette(bytes) ? 'grey' : 'colour';
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return bytes[25] === 0 || bytes[25] === 4 ? 'grey' : 'colour';
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return 'colour';
  const components = jpegComponents(bytes);
  return components === 1 ? 'grey' : components === 4 ? 'cmyk' : 'colour';
}

/** The number of components in a JPEG's frame header (ITU T.81, B.2.2), or undefined where there is none. */
function jpegComponents(bytes: Uint8Array): number | undefined {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9];
    at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return undefined;
}
