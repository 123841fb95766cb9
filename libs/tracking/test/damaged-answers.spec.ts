import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { damage, damaged } from '../../../tools/test/damage';
import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { MlflowClient } from '../src';
import { AnsweringServer, wholeAnswer } from './support/answering-server';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(3_600_000);

const server = new AnsweringServer();
const folder = temporaryFolder();
const downloads = join(folder.path, 'a', 'b', 'downloads');
let client: MlflowClient;
beforeAll(async () => {
  client = new MlflowClient({ trackingUri: await server.start(), maxRetries: 0, timeoutMs: 30_000 });
  mkdirSync(downloads, { recursive: true });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const id = wholeAnswer.run.info.run_id;

/** What is read of answers, each with what a user of it may rely on. */
const calls: readonly [name: string, call: () => Promise<unknown>][] = [
  ['createExperiment', async () => expect(typeof (await client.createExperiment('x'))).toBe('string')],
  ['getOrCreateExperiment', async () => (await client.getOrCreateExperiment('x')).name.length],
  ['searchExperiments', async () => (await all(client.searchExperiments())).map(({ name }) => name.length)],
  [
    'getRun',
    async () => {
      const { info, data, inputs } = await client.getRun(id);
      for (const { value, step, timestamp } of data.metrics)
        [value, step, timestamp].forEach((n) => n.toFixed(2));
      for (const { key, value } of [...data.params, ...data.tags]) (key + value).toLowerCase();
      inputs.dataset_inputs.forEach(({ dataset }) => dataset.name.length);
      return info.run_id.length + info.artifact_uri.length + info.status.length;
    },
  ],
  ['createRun', async () => (await client.createRun({ experimentId: '7', startTime: 1 })).info.run_id.length],
  ['updateRun', async () => (await client.updateRun(id, { status: 'FINISHED' })).run_id.length],
  ['searchRuns', async () => (await all(client.searchRuns(['7']))).map(({ info }) => info.run_id.length)],
  [
    'getMetricHistory',
    async () => (await client.getMetricHistory(id, 'loss')).map(({ value }) => value.toFixed(1)),
  ],
  ['listArtifacts', async () => (await client.listArtifacts(id)).map(({ path }) => path.length)],
  ['runModels', async () => (await client.runModels(id)).map(({ info }) => info.name.length)],
  [
    'searchModelVersions',
    async () => (await client.searchModelVersions("name = 'm'")).map(({ name }) => name.length),
  ],
  ['downloadArtifacts', () => client.downloadArtifacts(id, 'model', downloads)],
];

it.each(calls)('%s takes an answer as what it should be, or refuses it in one line', async (_, call) => {
  const common = { runs: tries(30, 4_000), refusals: ['MlflowError'] };
  const ofValues = await fuzz({
    ...common,
    inputs: jsonDamage,
    read: (changes) => {
      server.answer = JSON.stringify(damagedJson(wholeAnswer, changes)) ?? '';
      return call();
    },
  });
  const ofBytes = await fuzz({
    ...{ ...common, runs: tries(10, 1_000), inputs: damage },
    read: (edits) => {
      server.answer = damaged(Buffer.from(JSON.stringify(wholeAnswer)), edits);
      return call();
    },
  });
  expect(ofValues.taken).toBeGreaterThan(0);
  expect(ofBytes.refused).toBeGreaterThan(0);
});

describe('what a server lists', () => {
  const list = (...files: object[]) => {
    server.answer = JSON.stringify({ ...wholeAnswer, files });
    return client.downloadArtifacts(id, 'model', downloads);
  };

  it.each([
    ['above the folder', { path: 'model/../../../x', is_dir: false }],
    ['elsewhere', { path: 'other/x', is_dir: false }],
    ['by an absolute path', { path: '/tmp/x', is_dir: false }],
    ['as itself, in a circle', { path: 'model', is_dir: true }],
    ['as a folder in itself', { path: 'model/a', is_dir: true }],
  ])('%s is not downloaded', async (_, file) => {
    rmSync(downloads, { recursive: true });
    await expect(list(file)).rejects.toThrow(/^(http:.* lists .* in the folder "model|The artifact path )/u);
    expect(readdirSync(join(folder.path, 'a', 'b'))).not.toContain('x');
  });

  it('is no file name by its id', async () => {
    const info = { ...wholeAnswer.run.info, run_id: '../../x' };
    server.answer = JSON.stringify({ run: { info } });
    await expect(client.getRun(id)).rejects.toThrow('does not answer runs/get as an MLflow server does');
  });
});

it('an answer without end is not read to its end', async () => {
  server.answer = Buffer.alloc(300e6, 0x20);
  await expect(client.getRun(id)).rejects.toMatchObject({ name: 'MlflowError' });
});
