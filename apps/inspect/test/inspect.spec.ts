import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { parseCalibrator, transform } from '@label-relaxation/calibration';
import {
  defaultSettings,
  figuresOf,
  predict,
  predictedBy,
  type ScoredModel,
} from '@label-relaxation/confidence';
import { npy } from '../../../tools/test/npy';
import { chromiumPath } from '../../../tools/test/services';
import { inspectSite } from '../src/inspect/command';
import { serve, type Served } from '../src/server/serve';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

jest.setTimeout(120_000);

/** In the order of their code points, which is that of the columns. */
const classNames = ['<b>dog</b>', 'cat', 'eel', 'fox'];
const classes = classNames.length;
const labels = Uint8Array.from({ length: 200 }, (_, i) => (i * 3) % classes);
const logitsWith = (share: number) =>
  Float32Array.from({ length: labels.length * classes }, (_, i) => {
    const row = Math.floor(i / classes);
    return 2 * Math.sin(i * 1.7) + (i % classes === labels[row] ? share : 0);
  });
const modelOf = (name: string, logits: Float32Array) => ({ name, logits, labels, classNames });

describeInBrowser('npm run inspect', () => {
  let served: Served;
  let browser: Browser;
  let page: Page;
  let folder: string;
  const requests = new Set<string>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inspect-'));
    served = await serve(await inspectSite(), { port: 0, connect: "'none'" });
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    page.on('request', (request) => requests.add(request.url()));
    await page.goto(served.url);
  });
  afterEach(() => page.close());

  function fileOf(name: string, content: Uint8Array | string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  function npzOf(name: string, arrays: Readonly<Record<string, Uint8Array>>): string {
    const files = Object.entries(arrays).map(([array, bytes]) => [`${array}.npy`, bytes]);
    return fileOf(name, zipSync(Object.fromEntries(files), { level: 0 }));
  }

  const predictionsIn = (name: string, logits: Float32Array) =>
    npzOf(name, {
      logits: npy(logits, [labels.length, classes]),
      labels: npy(labels, [labels.length]),
    });

  const choose = (...paths: string[]) => page.setInputFiles('#files', paths);
  const settled = () => page.getByText('Up to date').waitFor();
  const figures = () => page.locator('[data-part=figures]');

  /** Whether the page shows the library's figures of a model. */
  async function shows(model: ScoredModel, settings = defaultSettings): Promise<void> {
    const { ece, smoothEce, nll, brier } = figuresOf(predict(model, settings.temperature), settings);
    for (const value of [ece, smoothEce, nll, brier])
      await figures().getByText(value.toFixed(4)).first().waitFor();
  }

  it.each([
    ['light', 1200],
    ['dark', 360],
  ] as const)(
    "shows the library's figures, readable by all, in %s, %d pixels wide",
    async (colorScheme, width) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const model = modelOf('a.npz', logitsWith(2));
      await choose(predictionsIn(model.name, model.logits));
      await settled();
      await shows(model);
      await page.getByText('a.npz: 200 examples of 4 classes; logits').waitFor();
      const violations = await page.evaluate(`${axe}; axe.run().then(({ violations }) => violations)`);
      expect((violations as { id: string }[]).map(({ id }) => id)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.getByRole('slider', { name: 'Temperature' }).press('Home');
      await page.getByRole('slider', { name: 'Bins' }).press('ArrowRight');
      await shows(model, { ...defaultSettings, temperature: 2 ** -4, bins: 16 });
    },
  );

  it('compares two files that are dropped on it', async () => {
    const text = (logits: Float32Array) =>
      [
        'dog,cat,eel,fox,label',
        ...Array.from(labels, (label, i) => [...logits.subarray(4 * i, 4 * i + 4), classNames[label]]),
      ].join('\n');
    const texts = [logitsWith(2), logitsWith(4)].map(text);
    await page.evaluate((contents) => {
      const dataTransfer = new DataTransfer();
      contents.forEach((content, i) => dataTransfer.items.add(new File([content], `${'ab'[i]}.csv`)));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    }, texts);
    await settled();
    for (const [i, name] of ['a.csv', 'b.csv'].entries()) {
      await figures().getByRole('columnheader', { name }).waitFor();
      await shows(modelOf(name, logitsWith(2 + 2 * i)));
    }
    expect(await page.locator('[data-part=reliability] figure').count()).toBe(3);
    await page.getByRole('rowheader', { name: classNames[0]! }).first().waitFor();
  });

  it('fits a calibrator that the library reads, and shows what it does on the rest', async () => {
    const logits = logitsWith(2);
    await choose(predictionsIn('a.npz', logits));
    await settled();
    await page.getByLabel('Method').selectOption('vector');
    await page.getByRole('button', { name: 'Fit' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download a-calibrator.json (vector)' }).click();
    const calibrator = parseCalibrator(readFileSync(await (await downloading).path(), 'utf8'));
    expect(calibrator).toMatchObject({ method: 'vector', classes, examples: 100 });
    const rest = Array.from({ length: 100 }, (_, i) => 2 * i + 1);
    const held = Float32Array.from(rest.flatMap((row) => [...logits.subarray(4 * row, 4 * row + 4)]));
    const kept = { ...modelOf('', held), labels: rest.map((row) => labels[row]!) };
    const after = figuresOf(predictedBy(kept, transform(calibrator, { logits: held })), defaultSettings);
    await settled();
    await shows(kept);
    for (const value of [after.ece, after.brier])
      await figures().getByText(value.toFixed(4)).first().waitFor();
  });

  it('takes 100,000 rows of 100 classes', async () => {
    const [rows, columns] = [100_000, 100];
    const many = new Float32Array(rows * columns);
    const own = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      own[row] = row % columns;
      many[row * columns + (row % 4 === 0 ? (row + 1) % columns : own[row]!)] = 3;
    }
    await choose(npzOf('many.npz', { logits: npy(many, [rows, columns]), labels: npy(own, [rows]) }));
    await page.getByText('many.npz: 100,000 examples of 100 classes; logits').waitFor();
    await settled();
    await figures().getByText('0.7500', { exact: true }).waitFor();
  });

  it.each([
    ['malformed.npz', 'not a ZIP file', 'malformed.npz: is not an .npz file, or damaged'],
    ['malformed.csv', 'a,b,label\n1,2\n', 'malformed.csv: row 1 has fewer columns than the header'],
    ['empty.csv', '', 'empty.csv: is empty'],
    ['nan.csv', 'a,b,label\n1,nan,0\n', 'nan.csv: row 1 has "nan" in the column "b"'],
    ['one.csv', 'a,label\n1,0\n1,0\n', 'one.csv: has one column of predictions'],
    ['picture.png', 'x', 'picture.png: is of no known kind'],
  ])('refuses %s in one line', async (name, content, message) => {
    await choose(fileOf(name, content));
    await page.getByRole('alert').getByText(message).waitFor();
    expect(await page.locator('.results').isHidden()).toBe(true);
  });

  it('refuses a file of 200 MB, and more than two, and goes on', async () => {
    const large = fileOf('large.npz', '');
    truncateSync(large, 200e6);
    await choose(large);
    await page
      .getByRole('alert')
      .getByText('large.npz: has 200 MB, and a page reads at most 150 MB')
      .waitFor();
    const small = predictionsIn('a.npz', logitsWith(2));
    await choose(small, small, small);
    await page.getByRole('alert').getByText('3 files: one is looked at, or two are compared.').waitFor();
    await choose(small);
    await settled();
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it('requests nothing from elsewhere, and could not', async () => {
    expect([...requests].filter((url) => !url.startsWith(served.url) && !/^(data|blob):/u.test(url))).toEqual(
      [],
    );
    expect(
      await page.evaluate(() =>
        fetch('/').then(
          () => 'sent',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
  });
});
