import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../../../tools/test/services';
import { htmlReport } from '../src/formats/page';
import { makeReport } from '../src/report';
import { exampleDiagram, exampleRuns } from './study-runs';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;

const runs = exampleRuns();
const report = makeReport(
  {
    experiment: '<b>Study</b> & "more"',
    experimentUrl: 'http://127.0.0.1:5000/#/experiments/1/runs?workflowType=machine_learning&x="y"',
    scored: 'test',
    seeds: null,
    columns: ['accuracy', 'ece', 'nll', 'brier'],
    intervals: false,
  },
  runs,
  new Map(runs.map(({ runId }, i) => [runId, exampleDiagram((i % 5) / 20)])),
  new Date(0),
);

describeInBrowser('the page in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-page-'));
    file = join(folder, 'report.html');
    await writeFile(file, htmlReport(report));
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0]) {
    const page = await browser.newPage(options);
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`file://${file}`);
    return { page, requests, problems };
  }

  /** The colour that a reader sees at an element: its own or, where that is transparent, of what lies behind. */
  const colour = (page: Page, selector: string, property: 'color' | 'background-color' | 'fill') =>
    page.$eval(selector, (element, name) => getComputedStyle(element).getPropertyValue(name), property);

  const brightness = (text: string) => {
    const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  };

  it('loads nothing but itself, and has no errors', async () => {
    const { page, requests, problems } = await open({});
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([`file://${file}`]);
    expect(problems).toEqual([]);
    expect(await page.title()).toBe('Label relaxation study: <b>Study</b> & "more"');
    expect(await page.textContent('h1')).toBe('Label relaxation study: <b>Study</b> & "more"');
    expect(await page.getAttribute('.about a', 'href')).toBe(report.experimentUrl);
    await page.close();
  });

  it('shows the table with the best marked and missing seeds', async () => {
    const { page } = await open({});
    const rows = await page.$$eval('table.scores tbody tr', (found) =>
      found.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim())),
    );
    expect(rows).toHaveLength(4);
    expect(rows[2]).toEqual([
      'Label relaxation, α = 0.1',
      '0.9829 ± 0.0013',
      '0.0030 ± 0.0004',
      '0.0600 ± 0.0000',
      '0.0300 ± 0.0000',
      '',
      '0-2, 42',
    ]);
    expect(rows[1]?.[6]).toBe('0 missing: 1, 2, 42');
    const best = await page.$$eval('table.scores td.best', (cells) => cells.map((cell) => cell.textContent));
    expect(best).toContain('0.9877');
    expect(best).toContain('0.0030 ± 0.0004');
    await page.close();
  });

  it('opens the tests', async () => {
    const { page } = await open({});
    expect(await page.isVisible('table.tests')).toBe(false);
    await page.click('summary');
    expect(await page.isVisible('table.tests')).toBe(true);
    expect(await page.$$('table.tests tbody tr')).toHaveLength(12);
    await page.close();
  });

  it.each([1280, 390])('fits a window of %d pixels, every picture whole and drawn', async (width) => {
    const { page } = await open({ viewport: { width, height: 900 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const pictures = await page.$$eval('figure svg', (found) =>
      found.map((svg) => {
        const box = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
        return {
          width: box.width,
          marks: svg.querySelectorAll('.chart-marker').length,
          outside: texts.filter((text) => text.left < box.left - 1 || text.right > box.right + 1).length,
        };
      }),
    );
    expect(pictures).toHaveLength(4);
    for (const picture of pictures) {
      expect(picture.width).toBeGreaterThan(300);
      expect(picture.marks).toBeGreaterThan(2);
      expect(picture.outside).toBe(0);
    }
    await page.close();
  });

  it.each(['light', 'dark'] as const)('is readable in %s, pictures included', async (colorScheme) => {
    const { page } = await open({ colorScheme });
    const paper = brightness(await colour(page, '.chart-paper', 'fill'));
    const card = brightness(await colour(page, 'section', 'background-color'));
    expect(paper).toBeCloseTo(card, 5);
    if (colorScheme === 'dark') expect(card).toBeLessThan(0.25);
    else expect(card).toBeGreaterThan(0.9);
    const inks = [
      await colour(page, 'td', 'color'),
      await colour(page, 'th', 'color'),
      await colour(page, '.chart-ink', 'fill'),
      await colour(page, '.chart-muted', 'fill'),
      await colour(page, '.chart-series-0.chart-marker', 'fill'),
      await colour(page, '.missing', 'color'),
    ];
    for (const ink of inks) expect(Math.abs(brightness(ink) - card)).toBeGreaterThan(0.35);
    await page.close();
  });
});
