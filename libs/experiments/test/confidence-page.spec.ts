import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { reliabilityDiagram } from '@label-relaxation/metrics';
import { reliabilityDiagramSvg } from '@label-relaxation/plots';
import { chromiumPath } from '../../../tools/test/services';
import { confidencePage } from '../src/page/confidence-page';
import { confidentMistakes } from '../src/page/mistakes';
import { encodePng } from '../src/page/png';
import { picturesOf } from '../src/page/pictures';
import { figuresByClass } from '../src/run/by-class';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const classNames = [
  '</td><script>window.hacked = 1</script>',
  '"><img src=x onerror="window.hacked = 1">',
  'ü',
];
const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.05, 0.9, 0.05, 0.3, 0.3, 0.4, 0.6, 0.25, 0.15);
const labels = Uint8Array.of(0, 0, 1, 2);

/** Four grey pictures of 2 x 2 pixels, and five values that are no bytes. */
const pictures = {
  shape: [2, 2, 1] as const,
  dtype: 'uint8' as const,
  read: async (examples: Int32Array) => Uint8Array.from({ length: examples.length * 4 }, (_, i) => i * 10),
};

async function page(): Promise<string> {
  const mistakes = confidentMistakes(probabilities, labels, 3, 24);
  const addresses = await picturesOf(
    pictures,
    Int32Array.from(mistakes, ({ row }) => row),
  );
  const diagram = reliabilityDiagram(probabilities, labels);
  return confidencePage({
    title: `run ${classNames[0]}`,
    about: 'four examples',
    figures: [['ECE', diagram.ece.toFixed(4)]],
    charts: [reliabilityDiagramSvg(diagram, { title: classNames[1]! })],
    classNames,
    classes: figuresByClass(probabilities, labels, classNames),
    mistakes: mistakes.map((mistake, i) => ({ ...mistake, example: mistake.row, picture: addresses[i]! })),
    suspicious: [
      {
        example: 7,
        label: classNames[1]!,
        probability: 0.012,
        predicted: classNames[0]!,
        isDisturbed: true,
        picture: null,
      },
    ],
  });
}

describe('the most confident mistakes', () => {
  it('are the wrong ones by falling confidence, with the most probable classes', () => {
    const mistakes = confidentMistakes(probabilities, labels, 3, 24);
    expect(mistakes.map(({ row, label, predicted }) => [row, label, predicted])).toEqual([
      [1, 0, 1],
      [3, 2, 0],
      [2, 1, 2],
    ]);
    expect(mistakes[1]!.best).toEqual([
      [0, 0.6],
      [1, 0.25],
      [2, 0.15],
    ]);
    expect(confidentMistakes(probabilities, labels, 3, 1)).toHaveLength(1);
  });

  it('have pictures where the data are small pictures', async () => {
    const one = Int32Array.of(0);
    expect(await picturesOf({ ...pictures, shape: [4] }, one)).toEqual([null]);
    expect(await picturesOf({ ...pictures, shape: [200, 200, 3] }, one)).toEqual([null]);
    const floats = { ...pictures, dtype: 'float32' as const, read: async () => Float32Array.of(-1, 0, 1, 3) };
    const bytes = { ...pictures, read: async () => Uint8Array.of(0, 64, 128, 255) };
    expect(await picturesOf(floats, one)).toEqual(await picturesOf(bytes, one));
  });
});

describeInBrowser('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each([1, 3] as const)('has pictures of %d channels as they are in the data', async (channels) => {
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

  it.each([
    ['light', 1200],
    ['dark', 375],
  ] as const)('is readable by all, in %s, %d pixels wide', async (colorScheme, width) => {
    const content = (await page()).replace(/<meta http-equiv[^>]*>/, '');
    const view = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    await view.setContent(content);
    await view.addScriptTag({ content: axe });
    const violations = await view.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
    expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await view.close();
  });

  it('runs nothing, whatever names it holds, and shows them as they are', async () => {
    const view = await browser.newPage();
    await view.setContent(`<iframe sandbox title="page"></iframe>`);
    await view.$eval('iframe', (frame: HTMLIFrameElement, html) => (frame.srcdoc = html), await page());
    const inside = view.frameLocator('iframe');
    await inside.getByRole('heading', { name: 'Most confident mistakes' }).waitFor();
    await inside.getByRole('rowheader', { name: classNames[0]! }).waitFor();
    expect(await inside.getByRole('img').count()).toBeGreaterThanOrEqual(4);
    expect(await view.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await inside.locator('script').count()).toBe(0);
    await view.close();
  });
});
