import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlflowClient } from '@label-relaxation/tracking';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import type { RunEvent } from '../src/run/events';
import { evaluateRun, performRun, planRun } from '../src/lazy';
import { resolveParameters } from '../src/parameters/hyperparameters';
import type { GivenParameters } from '../src/parameters/parameters';
import { writeImages } from './own-data';

jest.setTimeout(240_000);

const lossText = `export const alpha = { min: 0, max: 1, example: 0.5 };
/** Cross-entropy and the Brier score, mixed by alpha. */
export default ({ logits, target, alpha }) => {
  const brier = logits.softmax().sub(target).square().sum(1);
  const crossEntropy = logits.logSumExp(1).sub(logits.mul(target).sum(1));
  return brier.mul(alpha).add(crossEntropy.mul(1 - alpha));
};
`;
const networkText = `export default ({ tf: { layers, sequential, regularizers } }, images, classes) =>
  sequential({
    layers: [
      layers.conv2d({ inputShape: images.shape.slice(1), filters: 8, kernelSize: 3, activation: 'relu', name: 'conv' }),
      layers.batchNormalization({ name: 'norm' }),
      layers.globalAveragePooling2d({ name: 'pool' }),
      layers.dropout({ rate: 0.1, name: 'dropout' }),
      layers.dense({ units: classes, name: 'logits', kernelRegularizer: regularizers.l2({ l2: 1e-4 }) }),
    ],
  });
`;

let folder: string;
let server: MlflowServer;
let runs = 0;
let warnings: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-modules-'));
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  writeImages(join(folder, 'images'), 120);
  server = await startMlflowServer({ shared: true });
});

beforeEach(() => (warnings = []));

afterAll(async () => {
  await server.stop();
  delete process.env['MLFLOW_JOURNAL_DIR'];
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const parametersOf = (given: GivenParameters) =>
  resolveParameters({
    model_name: write('network.ts', networkText),
    loss_name: write('loss.ts', lossText),
    alpha: 0.5,
    dataset_name: join(folder, 'images'),
    epochs: 4,
    batch_size: 16,
    initial_lr: 0.05,
    threads: 1,
    offline: true,
    experiment_name: 'own-modules.spec',
    ...given,
  }).parameters;

const onEvent = (event: RunEvent) => {
  if (event.type === 'warning') warnings.push(event.message);
};
const perform = (given: GivenParameters, options: Parameters<typeof performRun>[1] = {}) =>
  performRun(parametersOf(given), {
    checkpointDir: join(folder, `checkpoint-${runs++}`),
    onEvent,
    ...options,
  });

it('trains a network and a loss of one’s own in a compiled step, and keeps their text', async () => {
  const result = await perform({ offline: false, tracking_uri: server.uri, test_run: true, epochs: 8 });
  expect(warnings).toEqual([]);
  expect(result.accuracy).toBeGreaterThan(0.9);
  const client = new MlflowClient({ trackingUri: server.uri });
  const { data, info } = await client.getRun(result.run_id);
  expect(info.run_name).toBe('network-images-loss-alpha0.5-seed0');
  const params = Object.fromEntries(data.params.map(({ key, value }) => [key, value]));
  expect(params).toMatchObject({
    model_type: 'network',
    loss_type: 'loss',
    loss_name: join(folder, 'loss.ts'),
  });
  expect([params['model_sha256'], params['loss_sha256']].every((one) => /^[0-9a-f]{64}$/u.test(one!))).toBe(
    true,
  );
  const modules = await client.downloadArtifacts(result.run_id, 'modules', join(folder, 'downloaded'));
  const texts = ['network.ts', 'loss.ts'].map((name) => readFileSync(join(modules, name), 'utf8'));
  expect(texts).toEqual([networkText, lossText]);

  // The saved network stands for the modules, which may be gone.
  for (const name of ['network.ts', 'loss.ts']) rmSync(join(folder, name));
  const again = await evaluateRun(result.run_id, { trackingUri: server.uri });
  expect(again.accuracy).toBe(result.accuracy);
  expect(again.nll).toBeCloseTo(result.nll, 4);
});

it('gives the same numbers compiled and eager, and the same ones again', async () => {
  const [compiled, again, eager] = [await perform({}), await perform({}), await perform({ eager: true })];
  expect(again.nll).toBe(compiled.nll);
  expect(eager.nll).toBeCloseTo(compiled.nll, 3);
});

it('says which op cannot be compiled, and runs eagerly', async () => {
  const reading = write(
    'reading.ts',
    lossText.replace('const brier', 'logits.max().dataSync();\n  const brier'),
  );
  await perform({ loss_name: reading, epochs: 1 });
  expect(warnings[0]).toMatch(
    /^The step runs op by op in float32, which is slower: The output of Max is read back \(dataSync\)/u,
  );
});

it('refuses to go on with another text, and says what is wrong before anything is trained', async () => {
  const checkpointDir = join(folder, 'checkpoint-changed');
  const stop = new AbortController();
  const stopping = (event: RunEvent) => {
    if (event.type === 'epoch') stop.abort(new Error('stopped'));
  };
  await expect(perform({}, { checkpointDir, onEvent: stopping, signal: stop.signal })).rejects.toThrow(
    'stopped',
  );
  const parameters = parametersOf({ resume: true });
  write('loss.ts', `${lossText}\n`);
  await expect(performRun(parameters, { checkpointDir })).rejects.toThrow(
    /^--loss_name .*loss\.ts has changed since the run that is to be gone on with: restore it, or leave out --resume$/u,
  );
  const wrong = write('wrong.ts', 'export default (net) => net.conv();');
  await expect(planRun(parametersOf({ model_name: wrong }))).rejects.toThrow(
    /^--model_name .*wrong\.ts: throws: /u,
  );
});
