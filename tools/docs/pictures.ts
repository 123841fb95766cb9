import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { ReliabilityDiagram } from '@label-relaxation/metrics';
import { reliabilityOverlaySvg } from '@label-relaxation/plots';
import { drawDigit } from './draw-digit';
import { smallPng } from './png';
import { predictionFiles } from './prediction-files';
import type { Workshop } from './workshop';

/** Makes a picture's file. */
type Make = (workshop: Workshop) => Promise<string | Uint8Array>;

/** The pictures in docs/images. */
export const pictures: Readonly<Record<string, Make>> = {
  'simplex.svg': async (workshop) => {
    const file = await workshop.command('report', ['simplex', '--output', workshop.folder]);
    return readFile(file.trim());
  },

  'reliability.svg': async (workshop) => {
    const diagrams = [];
    for (const { run_id, title } of await workshop.runs()) {
      const diagram = JSON.parse(await artifactOf(workshop, run_id, 'reliability_diagram.json'));
      diagrams.push({ label: title.toLowerCase(), diagram: diagram as ReliabilityDiagram });
    }
    return `${reliabilityOverlaySvg(diagrams, { title: 'simple_dense on MNIST, seed 42, test part' })}\n`;
  },

  'run-page.png': async (workshop) => {
    const [, relaxed] = await workshop.runs();
    const file = await fetched(workshop, relaxed!.run_id, 'confidence.html');
    return workshop.screenshot(pathToFileURL(file).href, { width: 1180, height: 1400 }, (page) =>
      page.locator('figure svg').first().waitFor(),
    );
  },

  'demo.png': async (workshop) => {
    const ids = (await workshop.runs()).map(({ run_id }) => run_id);
    return workshop.screenshotOf(
      'apps/inspect/src/demo/main.ts',
      ids,
      { width: 1180, height: 900 },
      async (page) => {
        await page.locator('body[data-ready]').waitFor();
        await drawDigit(page);
      },
    );
  },

  'inspect.png': async (workshop) => {
    const files = await predictionFiles(workshop);
    return workshop.screenshotOf(
      'apps/inspect/src/main.ts',
      [],
      { width: 1180, height: 1400 },
      async (page) => {
        await page
          .locator('input[type=file]')
          .first()
          .setInputFiles([...files]);
        await page.locator('figure svg').first().waitFor();
        await page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor();
      },
    );
  },

  'mlflow-runs.png': async (workshop) => {
    const client = await workshop.client();
    const experiment = await client.getExperimentByName(await workshop.search());
    return workshop.screenshot(client.experimentUrl(experiment!.experiment_id), mlflowView, async (page) => {
      await page.getByRole('gridcell').getByRole('link').nth(3).waitFor();
      await closeAssistant(page);
    });
  },

  'mlflow-run.png': async (workshop) => {
    const [, relaxed] = await workshop.runs();
    const client = await workshop.client();
    const { experiment_id } = (await client.getRun(relaxed!.run_id)).info;
    const address = client.runUrl(experiment_id, relaxed!.run_id).replace('?', '/model-metrics?');
    return workshop.screenshot(address, mlflowView, async (page) => {
      await closeAssistant(page);
      await page.locator('.js-plotly-plot path.js-line').first().waitFor({ state: 'attached' });
    });
  },

  'report.png': async (workshop) => {
    const folder = join(workshop.folder, 'report');
    const words = [
      '--experiment_name',
      await workshop.search(),
      '--format',
      'html',
      '--output',
      folder,
      '--no_log',
    ];
    await workshop.command('report', words);
    const address = pathToFileURL(join(folder, 'report.html')).href;
    return workshop.screenshot(address, { width: 1000, height: 1300 }, (page) =>
      page.locator('figure svg').first().waitFor(),
    );
  },
};

/** Newer versions of MLflow's UI open with a pane that has nothing to do with the runs. */
async function closeAssistant(page: Page): Promise<void> {
  const close = page.locator('[data-component-id="mlflow.assistant.chat_panel.close"]');
  await close.click();
  await close.waitFor({ state: 'hidden' });
}

const mlflowView = { width: 1360, height: 720 };

/** A picture's file as it goes into the docs. */
export async function pictureOf(name: string, workshop: Workshop): Promise<string | Uint8Array> {
  const made = await pictures[name]!(workshop);
  return name.endsWith('.png') ? smallPng(name, made as Uint8Array) : made;
}

async function fetched(workshop: Workshop, runId: string, artifact: string): Promise<string> {
  const client = await workshop.client();
  return client.downloadArtifacts(runId, artifact, join(workshop.folder, 'artifacts', runId));
}

async function artifactOf(workshop: Workshop, runId: string, artifact: string): Promise<string> {
  return readFile(await fetched(workshop, runId, artifact), 'utf8');
}
