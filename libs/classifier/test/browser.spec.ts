import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openPage } from '../../../tools/test/browser-page';
import { chromiumPath } from '../../../tools/test/services';
import { loadClassifier, type Prediction } from '../src';
import { from40Percent, smallModel } from './small-model';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const model = smallModel({ conformal: from40Percent() });

type Predict = (address: string, examples: number[][]) => Promise<unknown>;
declare const predict: Predict;
declare const ofCanvas: () => Promise<Prediction>;
declare const withoutRuntime: () => Promise<unknown>;

describeInBrowser('in a browser, with onnxruntime-web', () => {
  let close: () => Promise<void>;
  let page: Page;

  beforeAll(async () => {
    const opened = await openPage({
      executablePath: executablePath!,
      program: readFileSync(join(__dirname, 'page.ts'), 'utf8'),
      resolveDir: __dirname,
      files: { '/model.onnx': model },
    });
    ({ page, close } = opened);
    await opened.load();
    await page.waitForFunction(() => 'predict' in globalThis);
  }, 120_000);

  afterAll(async () => {
    await close?.();
  });

  it('gives what onnxruntime-node gives', async () => {
    const examples = [
      [104, 104],
      [110, 0],
      [100, 100],
    ];
    const inBrowser = await page.evaluate((given) => predict('/model.onnx', given), examples);
    const inNode = await (await loadClassifier(model)).predictBatch(examples);
    expect(inBrowser).toEqual(
      inNode.map(({ label, set, probabilities }) => ({
        label,
        set,
        probabilities: [...probabilities].map((p) => expect.closeTo(p, 5)),
      })),
    );
  });

  it('takes the picture of a canvas', async () => {
    const { probabilities } = await page.evaluate(async () => {
      const prediction = await ofCanvas();
      return { probabilities: [...prediction.probabilities] };
    });
    const [wanted] = await (await loadClassifier(model)).predictBatch([[0.299 * 255, 255]]);
    probabilities.forEach((p, k) => expect(p).toBeCloseTo(wanted!.probabilities[k]!, 5));
  });

  it('says what it needs where no runtime is given', async () => {
    await expect(page.evaluate(() => withoutRuntime())).rejects.toThrow(
      /In a browser, say what runs the model/,
    );
  });
});
