import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../../../tools/test/services';
import { picturesOf } from '../src/page/pictures';
import { encodePng } from '../src/page/png';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;

/** Four grey pictures of 2 x 2 pixels. */
const pictures = {
  shape: [2, 2, 1] as const,
  dtype: 'uint8' as const,
  read: async (examples: Int32Array) => Uint8Array.from({ length: examples.length * 4 }, (_, i) => i * 10),
};

it('there are pictures where the data are small pictures', async () => {
  const one = Int32Array.of(0);
  expect(await picturesOf({ ...pictures, shape: [4] }, one)).toEqual([null]);
  expect(await picturesOf({ ...pictures, shape: [200, 200, 3] }, one)).toEqual([null]);
  const floats = { ...pictures, dtype: 'float32' as const, read: async () => Float32Array.of(-1, 0, 1, 3) };
  const bytes = { ...pictures, read: async () => Uint8Array.of(0, 64, 128, 255) };
  expect(await picturesOf(floats, one)).toEqual(await picturesOf(bytes, one));
});

describeInBrowser('a picture in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each([1, 3] as const)('of %d channels is as it is in the data', async (channels) => {
    const pixels = Uint8Array.from({ length: 5 * 3 * channels }, (_, i) => (i * 37) % 256);
    const view = await browser.newPage();
    const seen = await view.evaluate(
      async (address) => {
        const image = Object.assign(new Image(), { src: address });
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 3, height: 5 });
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        return [image.naturalWidth, image.naturalHeight, ...context.getImageData(0, 0, 3, 5).data];
      },
      `data:image/png;base64,${encodePng(pixels, 5, 3, channels).toString('base64')}`,
    );
    const colours = Array.from({ length: 15 }, (_, i) =>
      channels === 3 ? [...pixels.subarray(3 * i, 3 * i + 3)] : [pixels[i], pixels[i], pixels[i]],
    );
    expect(seen).toEqual([3, 5, ...colours.flatMap((colour) => [...colour, 255])]);
    await view.close();
  });
});
