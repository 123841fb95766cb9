import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { MlflowClient, startRun } from '@label-relaxation/tracking';
import { chromiumPath, startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { resolveParameters } from '../src/parameters/hyperparameters';
import { performRun } from '../src/lazy';
import type { RunResult } from '../src/run/result';
import { writeRealMnist } from './small-mnist';

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;
const experimentName = 'mlflow-ui.spec';

jest.setTimeout(240_000);

describeInBrowser("a study in MLflow's UI", () => {
  let server: MlflowServer;
  let browser: Browser;
  let folder: string;
  let results: RunResult[];
  let parentName: string;
  let diverged: { experimentId: string; id: string };

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
    folder = mkdtempSync(join(tmpdir(), 'mlflow-ui-'));
    process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
    await writeRealMnist(join(folder, 'data'));
    const parent = await startRun({ trackingUri: server.uri, experimentName, runName: 'search of alpha' });
    parentName = parent.name!;
    results = [];
    for (const alpha of [0.1, 0.2]) {
      const { parameters } = resolveParameters({
        model_name: 'simple_dense',
        dataset_name: 'mnist',
        data_dir: join(folder, 'data'),
        alpha,
        epochs: 3,
        initial_lr: 0.05,
        data_augmentation: false,
        tracking_uri: server.uri,
        experiment_name: experimentName,
        run_name: `trial ${alpha}`,
      });
      const checkpointDir = join(folder, `checkpoint-${alpha}`);
      results.push(await performRun(parameters, { parentRunId: parent.id, checkpointDir }));
    }
    await parent.end();
    const run = await startRun({ trackingUri: server.uri, experimentName, runName: 'not a number' });
    run.logMetrics({ loss: NaN, accuracy: 0.5 }, 0);
    await run.end('FAILED');
    diverged = { experimentId: run.experimentId!, id: run.id };
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  });

  afterAll(async () => {
    delete process.env['MLFLOW_JOURNAL_DIR'];
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  });

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    return page;
  }

  it('lists the parent, and its trials under it', async () => {
    const client = new MlflowClient({ trackingUri: server.uri });
    const page = await open(client.experimentUrl(results[0]!.experiment_id!));
    await page.getByRole('link', { name: parentName }).waitFor();
    expect(await page.getByRole('link', { name: 'trial 0.1' }).count()).toBe(0);
    await page.getByRole('gridcell').filter({ hasText: parentName }).getByRole('button').first().click();
    await page.getByRole('link', { name: 'trial 0.1' }).waitFor();
    await page.getByRole('link', { name: 'trial 0.2' }).waitFor();
    await page.close();
  });

  it('opens a run at the address that a result gives, with its params and scores', async () => {
    const page = await open(results[0]!.run_url!);
    await page.getByRole('heading', { name: 'trial 0.1' }).waitFor();
    await page.getByText('Parameters (').waitFor();
    const text = await page.innerText('body');
    expect(text).toMatch(/loss_name\s+label_relaxation/u);
    expect(text).toMatch(/val_accuracy/u);
    expect(text).toContain(String(results[0]!.brier));
    await page.close();
  });

  it('draws the curves of a run', async () => {
    const page = await open(results[0]!.run_url!.replace('?', '/model-metrics?'));
    await page.getByText('accuracy', { exact: true }).first().waitFor();
    await page.locator('.js-plotly-plot path.js-line').first().waitFor({ state: 'attached' });
    await page.close();
  });

  it('shows the reliability diagram', async () => {
    const page = await open(results[0]!.run_url!.replace('?', '/artifacts/reliability_diagram.svg?'));
    const picture = page.locator('img[src*="reliability_diagram"], img[src^="blob:"]').first();
    await picture.waitFor();
    await page.waitForFunction(() =>
      Array.from(document.images).some(({ naturalHeight }) => naturalHeight >= 500),
    );
    await page.close();
  });

  it("shows the run's page, with its pictures and sliders that recompute", async () => {
    const { ece, nll, brier } = results[0]!;
    const page = await open(results[0]!.run_url!.replace('?', '/artifacts/confidence.html?'));
    const inside = page.frameLocator('iframe[sandbox]');
    const figures = inside.locator('[data-part=figures]');
    for (const score of [ece, nll, brier]) await figures.getByText(score.toFixed(4)).first().waitFor();
    const widths = await inside
      .locator('.examples img')
      .evaluateAll((images: HTMLImageElement[]) => images.map(({ naturalWidth }) => naturalWidth));
    expect(widths.length).toBeGreaterThan(2);
    expect(new Set(widths)).toEqual(new Set([28]));
    await inside.getByRole('slider', { name: 'Temperature' }).press('Home');
    await inside.getByText('Recomputed.').waitFor();
    expect(await figures.textContent()).not.toContain(nll.toFixed(4));
    await inside.getByRole('button', { name: 'Reset' }).click();
    await figures.getByText(nll.toFixed(4)).first().waitFor();
    await page.close();
  });

  it('opens a run whose loss is not a number', async () => {
    const client = new MlflowClient({ trackingUri: server.uri });
    const page = await open(client.runUrl(diverged.experimentId, diverged.id));
    await page.getByRole('heading', { name: 'not a number' }).waitFor();
    await page.getByText('accuracy', { exact: true }).first().waitFor();
    await page.getByText('Failed', { exact: true }).first().waitFor();
    await page.close();
  });
});
