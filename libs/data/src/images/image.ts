/** An image of 8 bits: grey or red, green and blue, [height, width, channels] in row-major order. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** What is wrong with an image, in words that go on from its name. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** Grey as Pillow's `convert("L")` makes it: ITU-R 601-2 in fixed point. */
export function toGrey({ height, width, pixels }: Image): Image {
  const grey = new Uint8Array(height * width);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    const sum = pixels[from]! * 19595 + pixels[from + 1]! * 38470 + pixels[from + 2]! * 7471;
    grey[i] = (sum + 0x8000) >> 16;
  }
  return { height, width, channels: 1, pixels: grey };
}

/** The same image with the grey in all three channels. */
export function toColour({ height, width, pixels }: Image): Image {
  const colour = new Uint8Array(3 * pixels.length);
  pixels.forEach((grey, i) => colour.fill(grey, 3 * i, 3 * i + 3));
  return { height, width, channels: 3, pixels: colour };
}

/** Red, green and blue of cyan, magenta, yellow and black without a colour profile, as Pillow has them. */
export function fromCmyk(height: number, width: number, cmyk: Uint8Array): Image {
  const pixels = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) {
      pixels[to++] = Math.round(((255 - cmyk[from + ink]!) * light) / 255);
    }
  }
  return { height, width, channels: 3, pixels };
}
