import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Calibrator, parseCalibrator, transform } from '@label-relaxation/calibration';
import { loadDataset } from '@label-relaxation/data';
import { tf } from '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { freePort, mlflowPython, startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { resolveParameters } from '../src/parameters/hyperparameters';
import { performRun } from '../src/perform-run';
import { calibratorFile, layersModelFile } from '../src/tracking/artifact-names';
import { writeSmallMnist } from './small-mnist';

jest.setTimeout(240_000);

describe("a run's model in a Python without TensorFlow", () => {
  let server: MlflowServer;
  let folder: string;
  let runId: string;
  let pixels: tf.Tensor4D;
  let logits: Float32Array;
  let calibrator: Calibrator;

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
    folder = mkdtempSync(join(tmpdir(), 'onnx-model-'));
    process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
    writeSmallMnist(join(folder, 'data'));
    const { parameters } = resolveParameters({
      model_name: 'simple_dense',
      dataset_name: 'mnist',
      data_dir: join(folder, 'data'),
      alpha: 0.1,
      epochs: 1,
      test_run: true,
      calibrate: 'svector',
      tracking_uri: server.uri,
      experiment_name: 'onnx-model.spec',
    });
    runId = (await performRun(parameters, { checkpointDir: join(folder, 'checkpoint') })).run_id;
    const client = new MlflowClient({ trackingUri: server.uri });
    const model = await client.downloadArtifacts(runId, 'model', folder);
    calibrator = parseCalibrator(
      readFileSync(await client.downloadArtifacts(runId, calibratorFile, folder), 'utf8'),
    );
    const network = await tf.loadLayersModel(`file://${join(model, layersModelFile)}`);
    const dataset = await loadDataset('mnist', { dataDir: join(folder, 'data') });
    const images = await dataset.read(Int32Array.of(0, 1, 2, 3, 4));
    pixels = tf.tensor4d(Float32Array.from(images), [5, 28, 28, 1]);
    logits = (network.predict(pixels) as tf.Tensor2D).dataSync<'float32'>();
  });

  afterAll(async () => {
    delete process.env['MLFLOW_JOURNAL_DIR'];
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  });

  const expectClose = (rows: readonly number[][], wanted: ArrayLike<number>, digits: number): void => {
    expect(rows).toHaveLength(5);
    rows.flat().forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, digits));
  };

  it('gives the calibrated probabilities that it gives in Node', async () => {
    const words = [join(__dirname, 'load_onnx.py'), server.uri, runId];
    const running = promisify(execFile)(mlflowPython, words, { maxBuffer: 1 << 26 });
    running.child.stdin!.end(JSON.stringify(pixels.arraySync()));
    const { stdout } = await running;
    const theirs = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const probabilities = transform(calibrator, { logits });
    expectClose(theirs.probabilities, probabilities, 5);
    expectClose(theirs.pyfunc.probabilities, probabilities, 5);
    // An affine calibrator is in the last layer: what comes out are calibrated logits.
    expectClose(theirs.pyfunc.logits, theirs.logits.flat(), 6);
    expect(theirs.metadata).toMatchObject({
      run_id: runId,
      loss: 'label_relaxation',
      alpha: '0.1',
      dataset: 'mnist',
    });
    expect(JSON.parse(theirs.metadata.class_names)).toHaveLength(10);
    expect(parseCalibrator(theirs.metadata.calibrator)).toEqual(calibrator);
  });

  it('is served by `mlflow models serve`', async () => {
    const port = await freePort();
    const words = ['-m', 'mlflow', 'models', 'serve', '-m', `runs:/${runId}/model`, '-p', String(port)];
    const serving = spawn(mlflowPython, [...words, '--env-manager', 'local', '--workers', '1'], {
      // As in an activated environment: MLflow calls uvicorn by its name.
      env: {
        ...process.env,
        PATH: `${dirname(mlflowPython)}${delimiter}${process.env['PATH']}`,
        MLFLOW_TRACKING_URI: server.uri,
      },
      stdio: 'ignore',
      detached: true,
    });
    try {
      await answers(`http://127.0.0.1:${port}/ping`, serving);
      const response = await fetch(`http://127.0.0.1:${port}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: { pixels: pixels.arraySync() } }),
      });
      const { predictions } = (await response.json()) as { predictions: { probabilities: number[][] } };
      expectClose(predictions.probabilities, transform(calibrator, { logits }), 5);
    } finally {
      if (serving.exitCode === null) process.kill(-serving.pid!, 'SIGKILL');
    }
  });
});

/** Waits until an address answers. */
async function answers(address: string, program: ChildProcess): Promise<void> {
  for (
    const limit = Date.now() + 120_000;
    Date.now() < limit;
    await new Promise((resolve) => setTimeout(resolve, 250))
  ) {
    if (program.exitCode !== null) throw new Error(`the server ended with ${program.exitCode}`);
    if (
      await fetch(address).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${address} does not answer`);
}
