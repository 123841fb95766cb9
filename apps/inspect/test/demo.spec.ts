import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Classifier, loadClassifier, type Prediction } from '@label-relaxation/classifier';
import {
  exportRun,
  type GivenParameters,
  performRun,
  resolveParameters,
} from '@label-relaxation/experiments';
import { startRun } from '@label-relaxation/tracking';
import { type ServedPage, servePage } from '../../../tools/test/served-page';
import { chromiumPath, startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { writeSmallTable } from '../../../tools/test/small-set';
import { demo } from '../src/demo/command';
import { demoSite } from '../src/demo/demo-site';
import type { RunFacts, Samples } from '../src/demo/facts';
import { fetchRuns } from '../src/demo/fetch-runs';
import { answerOf, percent, thresholdAt } from '../src/demo/page/answer';
import { readSamples } from '../src/demo/samples';
import { serve } from '../src/server/serve';
import { writeRealDigits } from './real-digits';

jest.setTimeout(180_000);

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let server: MlflowServer;
let folder: string;
/** Cross-entropy and label relaxation on real digits, with prediction sets, and a run of other classes. */
let ids: string[];
let table: string;

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  writeRealDigits(join(folder, 'digits'), { train: 1000, t10k: 200 });
  writeSmallTable(join(folder, 'table.csv'));
  const digits = { dataset_name: 'mnist', data_dir: join(folder, 'digits'), conformal: 0.1, epochs: 3 };
  ids = [
    await train({ ...digits, loss_name: 'cross_entropy', alpha: 0 }),
    await train({ ...digits, loss_name: 'label_relaxation', alpha: 0.1 }),
  ];
  table = await train({
    dataset_name: join(folder, 'table.csv'),
    loss_name: 'cross_entropy',
    alpha: 0,
    epochs: 1,
  });
});

afterAll(async () => {
  delete process.env['MLFLOW_JOURNAL_DIR'];
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

async function train(given: GivenParameters): Promise<string> {
  const { parameters } = resolveParameters({
    model_name: 'simple_dense',
    initial_lr: 0.05,
    data_augmentation: false,
    test_run: true,
    threads: 1,
    tracking_uri: server.uri,
    experiment_name: 'demo.spec',
    ...given,
  });
  const { run_id } = await performRun(parameters, {
    checkpointDir: mkdtempSync(join(folder, 'checkpoint-')),
  });
  return run_id;
}

describe('npm run demo', () => {
  const { signal } = new AbortController();
  const failsWith = (words: readonly string[], message: RegExp) =>
    expect(demo([...words, '--tracking_uri', server.uri], signal)).rejects.toThrow(message);

  it('says in one line what it cannot show', async () => {
    await failsWith([], /^demo takes the ids of one or two runs: npm run demo -- RUN_ID \[RUN_ID\]$/);
    await failsWith(['a', 'b', 'c'], /^demo takes the ids of one or two runs/);
    await failsWith(['a', '--prot', '1'], /^Unknown option '--prot'; --help lists the flags$/);
    await failsWith(['0'.repeat(32)], /^.*0{32}.*$/);
    const empty = await startRun({ trackingUri: server.uri, experimentName: 'demo.spec' });
    await empty.end('FINISHED');
    await failsWith([empty.id], /^run \w+ has logged no model: train it again with this version$/);
    await failsWith(
      [ids[0]!, table],
      /^the runs have different classes: \w+ tells 10 apart \(0, 1, 2, ...\), \w+ tells 2 apart \(a, b\); give two/,
    );
  });
});

describeInBrowser('the page in Chromium', () => {
  let command: ServedPage;
  let browser: Browser;
  let address: string;
  let page: Page;
  let facts: RunFacts[];
  let samples: Samples;
  let classifiers: Classifier[];
  const requests: string[] = [];

  beforeAll(async () => {
    const withSecret = server.uri.replace('://', '://user:pass-phrase@');
    command = await servePage('apps/inspect/src/demo/main.ts', [...ids, '--tracking_uri', withSecret]);
    ({ address } = command);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    page = await opened(address);
    page.on('request', (request) => requests.push(request.url()));
    facts = await fetched('runs.json');
    samples = await fetched('samples.json');
    classifiers = [];
    for (const id of ids) {
      const to = join(folder, `model-${id}`);
      await exportRun(id, { to, format: 'onnx', trackingUri: server.uri });
      classifiers.push(await loadClassifier(to));
    }
  });

  afterAll(async () => {
    await browser?.close();
    await command?.end('SIGKILL');
  });

  async function opened(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const view = await browser.newPage(options);
    await view.goto(url);
    await view.locator('body[data-ready]').waitFor();
    return view;
  }

  async function fetched<T>(path: string): Promise<T> {
    const text = await (await fetch(`${address}${path}`)).text();
    expect(text).not.toContain('pass-phrase');
    return JSON.parse(text) as T;
  }

  /** What a card shows: the probabilities behind the bars, the answer and the set. */
  async function shown(run: number) {
    const card = page.locator('.run').nth(run);
    const probabilities = await card
      .locator('.bars li')
      .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['probability'])));
    return {
      probabilities,
      answer: await card.locator('.answer').innerText(),
      set: await card.locator('.set .member').allInnerTexts(),
    };
  }

  /** Waits until the page has said to a screen reader what it shows. */
  async function after(act: () => Promise<unknown>): Promise<void> {
    await page.locator('.spoken').evaluateAll((all) => all.forEach((one) => one.replaceChildren()));
    await act();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.spoken')].every((one) => one.textContent !== ''),
    );
  }

  const probabilitiesOf = ({ probabilities }: Prediction) =>
    [...probabilities].map((p) => expect.closeTo(p, 5));

  function predictionsOf(sample: number): Promise<Prediction[]> {
    const pixels = Buffer.from(samples.pictures[sample]!.pixels, 'base64');
    return Promise.all(classifiers.map((classifier) => classifier.predict(pixels)));
  }

  it('names the two runs, cross-entropy beside label relaxation', async () => {
    expect(await page.locator('.run h2').allInnerTexts()).toEqual([
      'Cross-entropy',
      'Label relaxation, α = 0.1',
    ]);
    expect(samples.pictures).toHaveLength(12);
  });

  it("gives of real test images the library's probabilities, sets and answers, at each risk", async () => {
    let doubts = 0;
    for (const risk of ['', '0.002']) {
      await page.locator('#risk').selectOption(risk);
      for (const sample of samples.pictures.keys()) {
        await after(() => page.getByRole('button', { name: `Picture ${sample + 1}, ` }).click());
        for (const [run, prediction] of (await predictionsOf(sample)).entries()) {
          const { probabilities, answer, set } = await shown(run);
          expect(probabilities).toEqual(probabilitiesOf(prediction));
          expect(set).toEqual(prediction.set);
          const threshold = risk === '' ? undefined : thresholdAt(facts[run]!.reliability!, Number(risk));
          const wanted = answerOf(prediction, classifiers[run]!.classNames, threshold);
          if (wanted.doubt !== null) doubts++;
          expect(answer).toBe(
            wanted.doubt === null
              ? `${wanted.label} ${percent(prediction.confidence)}`
              : `I don’t know ${wanted.doubt}`,
          );
        }
      }
    }
    expect(doubts).toBeGreaterThan(0);
    expect(doubts).toBeLessThan(48);
  });

  it('classifies what is drawn with the mouse', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No picture yet').first().waitFor();
    const pad = page.locator('#pad');
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width } = (await pad.boundingBox())!;
    await after(async () => {
      await page.mouse.move(x + 0.5 * width, y + 0.2 * width);
      await page.mouse.down();
      await page.mouse.move(x + 0.5 * width, y + 0.8 * width, { steps: 5 });
      await page.mouse.up();
    });
    for (const run of [0, 1]) {
      const { probabilities } = await shown(run);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(1);
    }
    expect(await page.locator('#seen').evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(28);
    expect(await page.locator('#prepared').innerText()).toBe('Centred and scaled as MNIST is.');
  });

  /** Drops a file on the page: some bytes, or a sample's canvas enlarged, as PNG. */
  function drop(
    name: string,
    from: { readonly text: string } | { readonly sample: number; readonly times: number },
  ) {
    return page.evaluate(
      async ([name, from]) => {
        let content: Blob = new Blob(['text' in from ? from.text : '']);
        if ('sample' in from) {
          const canvas = document.querySelectorAll<HTMLCanvasElement>('#sample-list canvas')[from.sample]!;
          const larger = new OffscreenCanvas(28 * from.times, 28 * from.times);
          const context = larger.getContext('2d')!;
          context.imageSmoothingEnabled = false;
          context.drawImage(canvas, 0, 0, larger.width, larger.height);
          content = await larger.convertToBlob({ type: 'image/png' });
        }
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], name));
        document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
      },
      [name, from] as const,
    );
  }

  it('takes a picture that is dropped: as it is, or made like the data', async () => {
    await after(() => drop('seven.png', { sample: 0, times: 1 }));
    const [wanted] = await predictionsOf(0);
    expect((await shown(0)).probabilities).toEqual(probabilitiesOf(wanted!));
    expect(await page.locator('#prepared').innerText()).toBe('As it is.');
    await after(() => drop('large.png', { sample: 0, times: 9 }));
    const { probabilities } = await shown(0);
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(wanted!.best);
    expect(await page.locator('#prepared').innerText()).toBe('Its ink, centred and scaled as MNIST is.');
  });

  it('says of a file that is no picture what it takes', async () => {
    await drop('notes.txt', { text: 'no picture' });
    const problem = page.getByRole('alert');
    await problem
      .filter({ hasText: 'notes.txt is no picture that this browser reads: take a PNG' })
      .waitFor();
    await after(() => page.getByRole('button', { name: 'Picture 1, ' }).click());
    expect(await problem.isVisible()).toBe(false);
  });

  it.each([
    ['light', 1200],
    ['dark', 360],
  ] as const)('is usable by all, in %s, %d pixels wide', async (colorScheme, width) => {
    const view = await opened(address, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await view.keyboard.press('Tab');
    await view.getByRole('button', { name: 'Picture 2, ' }).focus();
    await view.keyboard.press('Enter');
    await view.locator('.run .set').first().getByText('in 9 of 10 cases').waitFor();
    await view.addScriptTag({ content: axe });
    const violations = await view.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
    expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await view.close();
  });

  it('says of a model of features that it takes no pictures', async () => {
    const place = { trackingUri: server.uri };
    const site = await demoSite(await fetchRuns([table], place), await readSamples(table, place));
    const { url, close } = await serve(site, { port: 0, connect: "'self'" });
    const view = await browser.newPage();
    await view.goto(url);
    await view.getByRole('alert').filter({ hasText: 'This model takes 2 features, no pictures' }).waitFor();
    await view.close();
    await close();
  });

  it('asks no other server for anything, and ends with Ctrl-C', async () => {
    await page.reload();
    await page.locator('body[data-ready]').waitFor();
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter((url) => !url.startsWith(address) && !/^(data|blob):/.test(url))).toEqual([]);
    expect(await command.end('SIGINT')).toBe(130);
  });
});
