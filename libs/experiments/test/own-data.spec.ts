import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import type { RunEvent } from '../src/run/events';
import { evaluateRun, performRun, planRun } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import type { GivenParameters } from '../src/parameters/parameters';
import { writeCandidates, writeImages, writeSpecies } from './own-data';

jest.setTimeout(240_000);

let folder: string;
let runs = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-data-'));
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  // TensorFlow, loaded above, is in the real cache.
  process.env['LABEL_RELAXATION_CACHE'] = join(folder, 'cache');
  writeSpecies(join(folder, 'species'), { train: 150, test: 60 });
  writeImages(join(folder, 'images'), 120);
  writeImages(join(folder, 'soft'), 120, { soft: true });
  writeCandidates(join(folder, 'candidates'), 150, 60);
});

afterAll(() => {
  delete process.env['MLFLOW_JOURNAL_DIR'];
  delete process.env['LABEL_RELAXATION_CACHE'];
  rmSync(folder, { recursive: true, force: true });
});

function parametersOf(given: GivenParameters) {
  return resolveParameters({
    model_name: 'simple_dense',
    alpha: 0.1,
    epochs: 3,
    batch_size: 16,
    initial_lr: 0.05,
    threads: 1,
    offline: true,
    experiment_name: 'own-data.spec',
    ...given,
    dataset_name: join(folder, given.dataset_name ?? 'species'),
  }).parameters;
}

const perform = (given: GivenParameters, options: Parameters<typeof performRun>[1] = {}) =>
  performRun(parametersOf(given), { checkpointDir: join(folder, `checkpoint-${runs++}`), ...options });
const plan = (given: GivenParameters) => planRun(parametersOf(given));

it('trains the same on inputs that are read batch by batch as on those in memory', async () => {
  const soft: GivenParameters = { dataset_name: 'soft', loss_name: 'cross_entropy', alpha: 0 };
  for (const given of [{ dataset_name: 'images' }, soft, {}]) {
    const [held, streamed] = [await perform(given), await perform({ ...given, memory: 100 })];
    for (const name of ['accuracy', 'nll', 'ece', 'split'] as const)
      expect(streamed[name]).toEqual(held[name]);
  }
});

it('trains cross-entropy on soft labels', async () => {
  const given: GivenParameters = { dataset_name: 'soft', loss_name: 'cross_entropy', alpha: 0, epochs: 12 };
  const [soft, hard] = [await perform(given), await perform({ ...given, dataset_name: 'images' })];
  expect(soft.accuracy).toBeGreaterThan(0.9);
  // 0.8 is the most that soft labels ask for.
  expect(soft.nll).toBeGreaterThan(hard.nll + 0.05);
});

it('trains the credal loss on sets of candidate classes', async () => {
  const given: GivenParameters = { dataset_name: 'candidates', loss_name: 'credal', test_run: true };
  const { accuracy, split } = await perform({ ...given, alpha: 0, epochs: 12 });
  expect(split).toMatchObject({ train: { size: 150 }, test: { size: 60 } });
  expect(accuracy).toBeGreaterThan(0.9);
  await expect(plan({ ...given, loss_name: 'cross_entropy', alpha: 0 })).rejects.toThrow(
    /^--dataset_name .*\/candidates: these are possibilities, and cross_entropy takes class numbers or class distributions/u,
  );
});

it('splits as it is told', async () => {
  const sizes = async (given: GivenParameters) => {
    const { train, validation, test } = (await plan(given)).split;
    return [train.size, validation?.size ?? 0, test.size];
  };
  expect(await sizes({})).toEqual([112, 38, 60]);
  expect(await sizes({ split: 'study' })).toEqual([126, 42, 42]);
  expect(await sizes({ split: 'study', test_share: 0.5, test_run: true })).toEqual([105, 0, 105]);
  expect(await sizes({ dataset_name: 'images' })).toEqual([72, 24, 24]);
  const stratified = await plan({ split: 'study', stratify: true });
  expect(stratified.split.test.sha256).not.toBe((await plan({ split: 'study' })).split.test.sha256);
  await expect(plan({ dataset_name: 'images', split: 'own' })).rejects.toThrow('has no test part of its own');
  await expect(plan({ test_share: 0.3 })).rejects.toThrow(
    /--test_share holds out a test part, and .*species has one of its own: leave it out, or give --split study, too/u,
  );
});

it('refuses data that are missing or have changed', async () => {
  await expect(plan({ dataset_name: 'nothing' })).rejects.toThrow('there is no such file or folder');
  await expect(plan({ dataset_sha256: '0'.repeat(64) })).rejects.toThrow(
    /species has other contents than the data that is to be used \(--dataset_sha256 000000000000\.\.\.\)/u,
  );

  writeSpecies(join(folder, 'growing'), { train: 60, test: 30 });
  const checkpointDir = join(folder, 'checkpoint-growing');
  const given: GivenParameters = { dataset_name: 'growing', epochs: 4 };
  const stop = new AbortController();
  const onEvent = (event: RunEvent) => {
    if (event.type === 'epoch' && event.epoch === 1) stop.abort(new Error('stopped'));
  };
  await expect(perform(given, { checkpointDir, onEvent, signal: stop.signal })).rejects.toThrow('stopped');
  appendFileSync(join(folder, 'growing', 'train.csv'), '10020,0.001,setosa\n');
  await expect(perform({ ...given, resume: true }, { checkpointDir })).rejects.toThrow(
    /^--dataset_name .*growing has changed since the run that is to be gone on with: restore it, or leave out --resume$/u,
  );
});

it('says which network takes features', async () => {
  await expect(perform({ model_name: 'resnet' })).rejects.toThrow(
    'ResNet56V2 needs images, and the data has 2 features: choose simple_dense.',
  );
});

describe('with a server', () => {
  let server: MlflowServer;
  beforeAll(async () => (server = await startMlflowServer({ shared: true })));
  afterAll(() => server.stop());

  it('trains on features of CSV, keeps their test part and tells their classes by name', async () => {
    const result = await perform({ test_run: true, offline: false, tracking_uri: server.uri });
    expect(result).toMatchObject({ scored: 'test', split: { train: { size: 150 }, test: { size: 60 } } });
    expect(result.accuracy).toBeGreaterThan(0.95);

    const client = new MlflowClient({ trackingUri: server.uri });
    const { data, inputs } = await client.getRun(result.run_id);
    const params = Object.fromEntries(data.params.map(({ key, value }) => [key, value]));
    expect(params['dataset_sha256']).toMatch(/^[0-9a-f]{64}$/u);
    expect(params['dataset_name']).toBe(join(folder, 'species'));
    const [input] = inputs?.dataset_inputs ?? [];
    expect(input!.dataset.name).toBe('species');
    expect(JSON.parse(input!.dataset.schema!)).toMatchObject({
      class_names: ['setosa', 'versicolor', 'virginica'],
      mlflow_tensorspec: { features: expect.stringContaining('"shape":[-1,2]') },
    });
    const model = await client.downloadArtifacts(result.run_id, 'model/MLmodel', folder);
    expect(readFileSync(model, 'utf8')).toMatch(/class_names:\s+- setosa\s+- versicolor\s+- virginica/u);

    const again = await evaluateRun(result.run_id, { trackingUri: server.uri });
    expect(again.accuracy).toBe(result.accuracy);
    expect(again.nll).toBeCloseTo(result.nll, 5);
  });
});
