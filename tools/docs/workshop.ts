import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { MlflowClient } from '@label-relaxation/tracking';
import { ensureServer, stopServer } from '../mlflow/server.cjs';
import { root } from '../setup/paths.cjs';
import { programWords, servePage } from '../test/served-page';
import { chromiumPath } from '../test/services';
import { DocsError } from './errors';

/** A run that pictures show. */
export interface TrainedRun {
  readonly run_id: string;
  readonly title: string;
}

/** How large a page's picture is, and how it is read. */
export interface View {
  readonly width: number;
  readonly height: number;
}

/** The MLflow server of the pictures, which stays until the next time, and what lies between. */
const folder = join(root, 'tmp', 'docs-images');
const experiment = 'docs-images';
const mnist = ['--model_name', 'simple_dense', '--dataset_name', 'mnist', '--load_ext_params'];

/** What pictures are made of; each thing is made when the first picture needs it. */
export class Workshop {
  /** Cross-entropy and label relaxation, with prediction sets. */
  readonly runs = once(async () => [
    await this.#run('Cross-entropy', 'ce'),
    await this.#run('Label relaxation', 'lr'),
  ]);
  /** The experiment of a small search with two losses and two seeds. */
  readonly search = once(async () => {
    this.say('searching alpha');
    const wanted = ['--loss_name', 'lr,ce', '--alphas', '0.05,0.1,0.2', '--seeds', '0-1', '--epochs', '1'];
    const name = `${experiment}-search`;
    // It stays as it is where it is finished.
    await this.command('study-ho', [...mnist, ...wanted, '--parallel', '2', '--experiment_name', name]);
    return name;
  });
  readonly browser = once((): Promise<Browser> => {
    const executablePath = chromiumPath();
    if (executablePath === null)
      throw new DocsError('Screenshots need Chromium: sudo apt-get install -y chromium.');
    return chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  /** A folder for what lies between. */
  readonly folder = folder;
  readonly #server = once(() => ensureServer({ directory: join(folder, 'mlflow') }));

  private constructor(
    readonly epochs: number,
    private readonly reuse: boolean,
    readonly say: (line: string) => void,
  ) {}

  /** An empty workshop, or with `reuse` what is left of the last one. */
  static async open(epochs: number, reuse: boolean, say: (line: string) => void): Promise<Workshop> {
    if (!reuse) {
      await stopServer({ directory: join(folder, 'mlflow') });
      await rm(folder, { recursive: true, force: true });
    }
    await mkdir(folder, { recursive: true });
    return new Workshop(epochs, reuse, say);
  }

  async client(): Promise<MlflowClient> {
    return new MlflowClient({ trackingUri: (await this.#server()).uri });
  }

  /** Runs an app as npm does, and gives what it prints. */
  async command(app: string, words: readonly string[]): Promise<string> {
    const options = { cwd: root, env: await this.#environment(), maxBuffer: 1 << 26 };
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        programWords(`apps/${app}/src/main.ts`, words),
        options,
        (error, stdout, stderr) =>
          error ? reject(new DocsError(`${app} ${words.join(' ')}: ${lastLine(stderr)}`)) : resolve(stdout),
      );
    });
  }

  /** A screenshot of a page, once `act` has made it what it is to show. */
  async screenshot(url: string, viewport: View, act: (page: Page) => Promise<unknown>): Promise<Uint8Array> {
    const page = await (await this.browser()).newPage({ viewport, reducedMotion: 'reduce' });
    try {
      page.setDefaultTimeout(120_000);
      await page.goto(url);
      await act(page);
      return await page.screenshot({ animations: 'disabled' });
    } finally {
      await page.close();
    }
  }

  /** The same of a page that a command serves meanwhile. */
  async screenshotOf(
    main: string,
    words: readonly string[],
    viewport: View,
    act: (page: Page) => Promise<unknown>,
  ): Promise<Uint8Array> {
    const served = await servePage(main, words, await this.#environment());
    try {
      return await this.screenshot(served.address, viewport, act);
    } finally {
      await served.end();
    }
  }

  async close(): Promise<void> {
    await (await this.browser.made())?.close();
    if (await this.#server.made()) await stopServer({ directory: join(folder, 'mlflow') });
  }

  async #run(title: string, loss: string): Promise<TrainedRun> {
    const former = this.reuse ? await this.#formerRun(title) : null;
    if (former !== null) return { run_id: former, title };
    this.say(`training ${title.toLowerCase()}, ${this.epochs} epochs`);
    const flags = ['--loss_name', loss, '--paper_alpha', '--test_run', '--conformal', '0.01', '--seed', '42'];
    const place = ['--experiment_name', experiment, '--run_name', title, '--json'];
    const printed = await this.command('study', [
      ...mnist,
      ...flags,
      '--epochs',
      String(this.epochs),
      ...place,
    ]);
    const { run_id } = JSON.parse(printed.trim().split('\n').at(-1)!) as { run_id: string };
    return { run_id, title };
  }

  /** The last finished run of a name. */
  async #formerRun(name: string): Promise<string | null> {
    const client = await this.client();
    const found = await client.getExperimentByName(experiment);
    const filter = `run_name = '${name}' and status = 'FINISHED'`;
    for await (const run of client.searchRuns(found ? [found.experiment_id] : [], { filter }))
      return run.info.run_id;
    return null;
  }

  async #environment(): Promise<NodeJS.ProcessEnv> {
    return {
      ...process.env,
      NO_COLOR: '1',
      MLFLOW_TRACKING_URI: (await this.#server()).uri,
      MLFLOW_JOURNAL_DIR: join(folder, 'journal'),
    };
  }
}

interface Once<T> {
  (): Promise<T>;
  /** What was made, if it was asked for and could be made. */
  made(): Promise<T | undefined>;
}

/** A thing that is made when it is first asked for. */
function once<T>(make: () => Promise<T>): Once<T> {
  let thing: Promise<T> | undefined;
  return Object.assign(() => (thing ??= make()), { made: async () => thing?.catch(() => undefined) });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
