import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlflowClient } from '@label-relaxation/tracking';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import type { RunEvent } from '../src/run/events';
import type { RunResult } from '../src/run/result';
import { performRun, planRun } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import type { GivenParameters } from '../src/parameters/parameters';
import { writeImages, writeSpecies } from './own-data';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'init-from-'));
let server: MlflowServer;
let runs = 0;
let warnings: string[] = [];
let trained: RunResult;

const parametersOf = (given: GivenParameters) =>
  resolveParameters({
    model_name: 'simple_dense',
    alpha: 0.1,
    dataset_name: join(folder, 'images'),
    epochs: 1,
    batch_size: 16,
    initial_lr: 1e-9,
    threads: 1,
    tracking_uri: server.uri,
    experiment_name: 'init-from.spec',
    ...given,
  }).parameters;

const onEvent = (event: RunEvent) => {
  if (event.type === 'warning') warnings.push(event.message);
};
const perform = (given: GivenParameters) =>
  performRun(parametersOf(given), { checkpointDir: join(folder, `checkpoint-${runs++}`), onEvent });

beforeAll(async () => {
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  writeImages(join(folder, 'images'), 120);
  writeImages(join(folder, 'two'), 80, { classes: 2 });
  writeSpecies(join(folder, 'species'), { train: 60, test: 30 });
  server = await startMlflowServer({ shared: true });
  trained = await perform({ epochs: 5, initial_lr: 0.05 });
});

beforeEach(() => (warnings = []));

afterAll(async () => {
  await server.stop();
  delete process.env['MLFLOW_JOURNAL_DIR'];
  rmSync(folder, { recursive: true, force: true });
});

it('begins with the weights of a tracked run, or of a saved model', async () => {
  expect(trained.accuracy).toBeGreaterThan(0.9);
  const again = await perform({ init_from: trained.run_id });
  expect(again.nll).toBeCloseTo(trained.nll, 4);
  expect(again.accuracy).toBe(trained.accuracy);

  const client = new MlflowClient({ trackingUri: server.uri });
  const saved = await client.downloadArtifacts(trained.run_id, 'model', join(folder, 'saved'));
  const offline = await perform({ init_from: saved, offline: true, tracking_uri: null });
  expect(offline.nll).toBe(again.nll);
  expect(warnings).toEqual([expect.stringContaining('to send: npm run study -- sync')]);

  warnings = [];
  await perform({ init_from: saved, dataset_name: join(folder, 'two') });
  expect(warnings).toEqual([`--init_from ${saved}: the last layer is new, for 2 classes in place of 3`]);

  await expect(planRun(parametersOf({ init_from: saved, model_name: 'densenet' }))).rejects.toThrow(
    /^--init_from .*: is of another network: it has 6 weights, densenet has \d+$/u,
  );
  await expect(
    planRun(parametersOf({ init_from: saved, dataset_name: join(folder, 'species') })),
  ).rejects.toThrow(
    /is of another network or other inputs: its weight dense1\/kernel is \[108,1024\], where simple_dense has dense1\/kernel of \[2,1024\]$/u,
  );
});

it('is refused in one line where there is no such model', async () => {
  await expect(planRun(parametersOf({ init_from: join(folder, 'images') }))).rejects.toThrow(
    /images: there is no saved tfjs model, a model\.json with its weights$/u,
  );
  await expect(perform({ init_from: 'abc', offline: true })).rejects.toThrow(
    '--init_from abc is a run of the server, and --offline asks none',
  );
  await expect(perform({ init_from: 'abc' })).rejects.toThrow(/abc/u);
});
