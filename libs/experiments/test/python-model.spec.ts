import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '@label-relaxation/data';
import { tf } from '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { pythonWithTensorFlow, startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { layersModelFile } from '../src/tracking/export-model';
import { resolveParameters } from '../src/parameters/hyperparameters';
import { performRun } from '../src/perform-run';
import { writeSmallMnist } from './small-mnist';

jest.setTimeout(240_000);

const python = pythonWithTensorFlow();
const whereThereIsPython = python === null ? describe.skip : describe;

whereThereIsPython("a run's model in Python", () => {
  let server: MlflowServer;
  let folder: string;

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
    folder = mkdtempSync(join(tmpdir(), 'python-model-'));
    process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
    writeSmallMnist(join(folder, 'data'));
  });

  afterAll(async () => {
    delete process.env['MLFLOW_JOURNAL_DIR'];
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  });

  it('gives the logits that it gives in Node', async () => {
    const { parameters } = resolveParameters({
      model_name: 'simple_dense',
      dataset_name: 'mnist',
      data_dir: join(folder, 'data'),
      alpha: 0.1,
      epochs: 1,
      test_run: true,
      tracking_uri: server.uri,
      experiment_name: 'python-model.spec',
    });
    const { run_id } = await performRun(parameters, { checkpointDir: join(folder, 'checkpoint') });
    const client = new MlflowClient({ trackingUri: server.uri });
    const model = await client.downloadArtifacts(run_id, 'model', folder);
    const network = await tf.loadLayersModel(`file://${join(model, layersModelFile)}`);
    const dataset = await loadDataset('mnist', { dataDir: join(folder, 'data') });
    const images = await dataset.read(Int32Array.of(0, 1, 2, 3, 4));
    const pixels = tf.tensor4d(Float32Array.from(images), [5, 28, 28, 1]);
    const logits = (network.predict(pixels) as tf.Tensor2D).arraySync();
    const printed = execFileSync(python ?? '', [join(__dirname, 'load_model.py'), server.uri, run_id], {
      encoding: 'utf8',
      input: JSON.stringify(pixels.arraySync()),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const theirs = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as number[][];
    expect(theirs).toHaveLength(5);
    theirs.forEach((row, i) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(logits[i]?.[j] ?? NaN, 4)),
    );
  });
});
