import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../../tools/test/services';
import { loadClassifier, type Prediction } from '../src';
import { from40Percent, smallModel } from './small-model';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const model = smallModel({ conformal: from40Percent() });
const wasm = dirname(require.resolve('onnxruntime-web'));

type Predict = (address: string, examples: number[][]) => Promise<unknown>;
declare const predict: Predict;
declare const ofCanvas: () => Promise<Prediction>;
declare const withoutRuntime: () => Promise<unknown>;

describeInBrowser('in a browser, with onnxruntime-web', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(__dirname, 'page.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['@label-relaxation/source', 'onnxruntime-web-use-extern-wasm'],
    });
    const files: Record<
      string,
      [type: string, body: () => Promise<Uint8Array | string> | Uint8Array | string]
    > = {
      '/': ['text/html', () => '<!doctype html><script type="module" src="/page.js"></script>'],
      '/page.js': ['text/javascript', () => outputFiles[0]!.text],
      '/model.onnx': ['application/octet-stream', () => model],
    };
    server = createServer(async ({ url = '' }, response) => {
      const [type, body] = files[url] ?? [
        url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
        () => readFile(join(wasm, url)),
      ];
      try {
        response.setHeader('content-type', type).end(await body());
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'predict' in globalThis);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
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
