import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fitCalibrator, transform } from '@label-relaxation/calibration';
import { createModel, MODEL_NAMES, type ModelName } from '@label-relaxation/models';
import { exportOnnx, savedNetwork } from '@label-relaxation/onnx';
import { tf } from '@label-relaxation/runtime';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openPage } from '../../../tools/test/browser-page';
import { chromiumPath, mlflowPython } from '../../../tools/test/services';

jest.setTimeout(240_000);

const count = 3;
const classes = 10;
const shape: [number, number, number] = [32, 32, 3];
const dims: [number, number, number, number] = [count, ...shape];

/** Numbers that look random and are always the same, from -1 to 1. */
const numbers = (size: number, seed = 0) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1 + seed)) * Math.cos(0.7 * i));

const size = shape.reduce((product, side) => product * side, 1);
const pixels = numbers(count * size).map((x) => Math.round(127.5 * (1 + x)));
const mean = numbers(size, 5).map((x) => 0.5 + x / 9);
// A calibrator that is not affine: the logits stay the network's own.
const calibrator = fitCalibrator('beta', {
  logits: numbers(600 * classes).map((x) => 9 * x),
  labels: Int32Array.from({ length: 600 }, (_, i) => i % classes),
});

/** A network whose batch-norms have statistics, in ONNX, with what it gives here. */
async function example(name: ModelName) {
  const model = createModel(name, { inputShape: shape, classes, seed: 1 });
  for (const { name, variable } of model.nonTrainableVariables) {
    const values = numbers(variable.size).map((x) => (name.endsWith('variance') ? 1 + x / 5 : x / 20));
    variable.assign(tf.tensor(values, variable.shape));
  }
  const infer = () =>
    tf.tidy(() => {
      const images = tf.tensor4d(pixels, dims).div(255).sub(tf.tensor3d(mean, shape)) as tf.Tensor4D;
      return model.logits(images, { training: false }).dataSync<'float32'>();
    });
  // The last layer's weights make the logits as large as a trained network's.
  const largest = infer().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const { variable } of model.trainableVariables.slice(-2)) variable.assign(variable.mul(10 / largest));
  const logits = infer();
  const bytes = exportOnnx(await savedNetwork(model.network), {
    normalisation: { scale: 1 / 255, mean },
    calibrator,
  });
  model.dispose();
  return { bytes, logits, probabilities: transform(calibrator, { logits }) };
}

/** What a runtime gives of a model: logits and probabilities. */
type Outputs = readonly [logits: ArrayLike<number>, probabilities: ArrayLike<number>];

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

describe('the four networks give the same numbers', () => {
  const examples = new Map<ModelName, Awaited<ReturnType<typeof example>>>();
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'same-numbers-'));
    for (const name of MODEL_NAMES) {
      examples.set(name, await example(name));
      writeFileSync(fileOf(name), examples.get(name)!.bytes);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileOf = (name: ModelName) => join(folder, `${name}.onnx`);

  const expectSame = (outputsOf: Readonly<Record<string, Outputs>>) => {
    for (const [name, { logits, probabilities }] of examples) {
      const outputs = outputsOf[name]!;
      expect([name, distance(outputs[0], logits)]).toEqual([name, expect.closeTo(0, 4)]);
      expect([name, distance(outputs[1], probabilities)]).toEqual([name, expect.closeTo(0, 5)]);
    }
  };

  it('in onnxruntime-node', async () => {
    const outputs: Record<string, Outputs> = {};
    for (const [name, { bytes }] of examples) {
      const session = await InferenceSession.create(bytes);
      const { logits, probabilities } = await session.run({ pixels: new Tensor('float32', pixels, dims) });
      outputs[name] = [logits!.data as Float32Array, probabilities!.data as Float32Array];
      await session.release();
    }
    expectSame(outputs);
  });

  it("in Python's onnxruntime", async () => {
    const words = [join(__dirname, 'run_onnx.py'), ...MODEL_NAMES.map(fileOf)];
    const running = promisify(execFile)(mlflowPython, words);
    running.child.stdin!.end(JSON.stringify({ pixels: [...pixels], dims }));
    expectSame(JSON.parse((await running).stdout) as Record<string, Outputs>);
  });

  const executablePath = chromiumPath();
  (executablePath === null ? it.skip : it)('in onnxruntime-web, in a browser', async () => {
    const { page, load, close } = await openPage({
      executablePath: executablePath!,
      program: `
        import * as ort from 'onnxruntime-web/wasm';
        ort.env.wasm.numThreads = 1;
        const pixels = new ort.Tensor('float32', ${JSON.stringify([...pixels])}, ${JSON.stringify(dims)});
        const outputs = {};
        for (const name of ${JSON.stringify(MODEL_NAMES)}) {
          const session = await ort.InferenceSession.create('/' + name + '.onnx');
          const { logits, probabilities } = await session.run({ pixels });
          outputs[name] = [[...logits.data], [...probabilities.data]];
          await session.release();
        }
        globalThis.outputs = outputs;`,
      resolveDir: __dirname,
      files: Object.fromEntries([...examples].map(([name, { bytes }]) => [`/${name}.onnx`, bytes])),
    });
    try {
      await load();
      await page.waitForFunction(() => 'outputs' in globalThis);
      expectSame(
        await page.evaluate(() => (globalThis as unknown as { outputs: Record<string, Outputs> }).outputs),
      );
    } finally {
      await close();
    }
  });
});
