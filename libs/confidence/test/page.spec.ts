import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Browser, Frame, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { expectedCalibrationError, softmax } from '@label-relaxation/metrics';
import { tries } from '../../../tools/test/long';
import { activeInHtml, hostileNames } from '../../../tools/test/markup';
import { chromiumPath } from '../../../tools/test/services';
import { coveredBy, confidentMistakes, defaultSettings, figuresOf, predict, type ScoredModel } from '../src';
import { embeddedModel } from '../src/live/scores';
import { confidencePage } from '../src/page';
import { embedScores } from '../src/page/embed-scores';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const classNames = [
  '</td><script>window.hacked = 1</script>',
  '"><img src=x onerror="window.hacked = 1">',
  'ü',
];

/** Logits that are right in most cases, by a rule that needs no random numbers. */
function modelOf(examples: number, names: readonly string[]): ScoredModel {
  const classes = names.length;
  const labels = Uint8Array.from({ length: examples }, (_, i) => (i * 7) % classes);
  const logits = Float32Array.from({ length: examples * classes }, (_, i) => {
    const row = Math.floor(i / classes);
    return 3 * Math.sin(i * 1.7) + (i % classes === labels[row] ? 2.5 + Math.cos(row) : 0);
  });
  return { name: 'this run', logits, labels, classNames: names };
}

const settings = { ...defaultSettings, temperature: 1.3 };

function pageOf(model: ScoredModel, names: readonly string[] = classNames): Promise<string> {
  const mistakes = confidentMistakes(predict(model, settings.temperature), 24);
  return confidencePage({
    title: `run ${names[0]}`,
    about: 'a test',
    ...{ model, settings, figures: [['Epochs', '3']], charts: [] },
    mistakes: mistakes.map((mistake) => ({ ...mistake, example: mistake.row, picture: null })),
    suspicious: [
      {
        ...{ example: 7, label: names[1]!, probability: 0.012, predicted: names[0]! },
        ...{ isDisturbed: true, picture: null },
      },
    ],
  });
}

const digits = Array.from({ length: 10 }, (_, k) => String(k));

it("takes less than 2 MB for the study's test part of MNIST, and of more numbers evenly spread examples", async () => {
  const besides = (await pageOf(modelOf(60, digits))).length;
  const names = Array.from({ length: 100 }, (_, k) => `class ${k}`);
  const embedded = ({ length }: typeof names, examples: number) => {
    const logits = Float32Array.from({ length: examples * length }, (_, i) => i);
    const labels = Uint8Array.from({ length: examples }, (_, i) => i % length);
    const model = { name: '', logits, labels, classNames: names.slice(0, length) };
    return embedScores(model, settings);
  };
  const mnist = embedded(digits, 14_000);
  expect(besides + JSON.stringify(mnist).length).toBeLessThan(1.2e6);
  expect(embeddedModel(mnist).labels).toHaveLength(14_000);
  const sample = embedded(names, 12_000);
  expect(besides + JSON.stringify(sample).length).toBeLessThan(2e6);
  const { labels, logits } = embeddedModel(sample);
  expect([sample.examples, labels.length]).toEqual([12_000, 2621]);
  expect(Array.from(labels).every((label, i) => logits[100 * i]! % 10_000 === 100 * label)).toBe(true);
});

it('carries no program but its own, and loads nothing, whatever its run and classes are called', async () => {
  const own = await activeInHtml(await pageOf(modelOf(60, digits)));
  expect(own.map((element) => element.slice(0, 9))).toEqual([
    '<script>{',
    expect.stringMatching(/^<script>/u),
  ]);
  const isInert = fc.asyncProperty(fc.tuple(hostileNames, hostileNames, hostileNames), async (names) => {
    const [scores, program, ...others] = activeInHtml(await pageOf(modelOf(60, names), names));
    expect([program, others]).toEqual([own[1], []]);
    expect(JSON.parse(scores!.slice('<script>'.length)).classNames).toEqual(names);
  });
  await fc.assert(isInert, { seed: 20, numRuns: tries(10, 1_000) });
});

describeInBrowser('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  /** The page in a frame as MLflow makes it: of a blob, with scripts alone allowed, or with nothing. */
  async function framed(html: string, sandbox: string): Promise<{ view: Page; frame: Frame }> {
    const view = await browser.newPage();
    await view.setContent(`<iframe sandbox="${sandbox}" title="page" width="1200" height="900"></iframe>`);
    await view.$eval(
      'iframe',
      (frame: HTMLIFrameElement, text) => {
        frame.src = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
      },
      html,
    );
    const frame = await (await view.$('iframe'))!.contentFrame();
    await frame!.getByRole('heading', { name: 'By class' }).waitFor();
    return { view, frame: frame! };
  }

  const figure = (frame: Frame, name: string) =>
    frame
      .locator('[data-part=figures] .figures > div', { has: frame.getByText(name, { exact: true }) })
      .locator('dd');

  it.each([
    ['light', 1200],
    ['dark', 360],
  ] as const)('is readable by all, in %s, %d pixels wide', async (colorScheme, width) => {
    const view = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    await view.setContent(await pageOf(modelOf(60, classNames)));
    await view.getByRole('slider', { name: 'Temperature' }).waitFor();
    const violations = await view.evaluate(`${axe}; axe.run().then(({ violations }) => violations)`);
    expect((violations as { id: string }[]).map(({ id }) => id)).toEqual([]);
    expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await view.close();
  });

  it("recomputes by the library's own code where a slider is moved by keys, and goes back", async () => {
    const model = modelOf(200, digits);
    const { view, frame } = await framed(await pageOf(model), 'allow-scripts');
    const text = (value: number) => value.toFixed(4);
    const shows = async (own: typeof settings) => {
      const predicted = predict(model, own.temperature);
      const { ece, nll, brier, aurc } = figuresOf(predicted, own);
      const { confidence } = coveredBy(predicted, own);
      for (const [name, value] of Object.entries({ ECE: ece, NLL: nll, 'Brier score': brier, AURC: aurc }))
        await figure(frame, name).getByText(text(value), { exact: true }).waitFor();
      await frame.locator('[data-part=coverage]').getByText(text(confidence)).first().waitFor();
    };
    await shows(settings);
    await frame.getByRole('slider', { name: 'Temperature' }).press('Home');
    await frame.getByRole('slider', { name: 'Bins' }).press('ArrowLeft');
    await frame.getByRole('slider', { name: 'Coverage' }).press('End');
    const moved = { ...settings, temperature: 2 ** -4, bins: 14, coverage: 0.99 };
    await shows(moved);
    const probabilities = softmax(model.logits, 10, 2 ** -4);
    const own = expectedCalibrationError(probabilities, model.labels, { bins: 14 });
    expect(await figure(frame, 'ECE').textContent()).toBe(text(own));
    await frame.getByRole('button', { name: 'Reset' }).click();
    await shows(settings);
    await view.close();
  }, 60_000);

  it('says that what it recomputes is of a sample where it holds one', async () => {
    const html = (await pageOf(modelOf(60, digits))).replace('"examples":60', '"examples":9000');
    const { view, frame } = await framed(html, 'allow-scripts');
    await frame.getByRole('slider', { name: 'Bins' }).press('ArrowLeft');
    await frame.getByText('Recomputed of a sample: 60 of the 9,000 examples.').waitFor();
    await view.close();
  });

  it('stays as it is where no scripts are allowed, and says how to have the sliders', async () => {
    const model = modelOf(60, digits);
    const { view, frame } = await framed(await pageOf(model), '');
    await frame.getByText('npm run inspect').waitFor();
    expect(await frame.getByRole('slider').count()).toBe(0);
    expect(await frame.getByRole('img').count()).toBeGreaterThanOrEqual(4);
    await view.close();
  });

  it('runs nothing but its own program, whatever names it holds, and shows them as they are', async () => {
    const { view, frame } = await framed(await pageOf(modelOf(60, classNames)), 'allow-scripts');
    await frame.getByRole('rowheader', { name: classNames[0]! }).waitFor();
    await frame.getByRole('slider', { name: 'Temperature' }).press('End');
    await frame.getByText('Recomputed.').waitFor();
    await frame.getByRole('rowheader', { name: classNames[0]! }).waitFor();
    expect(await frame.evaluate(() => 'hacked' in window)).toBe(false);
    await view.close();
  });
});
