import { calibrationMethods, fitCalibrator, transform } from '@label-relaxation/calibration';
import * as tf from '@tensorflow/tfjs';
import { fill, numbers, run } from '../../test/compare';
import { exportOnnx } from '../export-onnx';
import { readMetadata } from '../format/read-metadata';
import { OnnxError } from '../errors';
import { savedNetwork } from '../network/saved-network';

const size = 600;

/** A network that is too sure, its logits, and labels that it often misses. */
async function example(classes: number, heldOut = false) {
  const network = tf.sequential();
  network.add(tf.layers.inputLayer({ inputShape: [4] }));
  network.add(tf.layers.dense({ units: classes }));
  fill(network);
  const inputs = numbers(2 * size * 4)
    .slice(heldOut ? size * 4 : 0, heldOut ? undefined : size * 4)
    .map((x) => 6 * x);
  const logits = (network.predict(tf.tensor2d(inputs, [size, 4])) as tf.Tensor).dataSync<'float32'>();
  const noise = numbers(size * classes + 7).map((x) => 4 * x);
  const labels = Int32Array.from({ length: size }, (_, row) => {
    const scores = Array.from(
      { length: classes },
      (_, k) => logits[row * classes + k]! + noise[row * classes + k + 7]!,
    );
    return scores.indexOf(Math.max(...scores));
  });
  return { network: await savedNetwork(network), inputs, logits, labels };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

describe.each([2, 5])('of %d classes', (classes) => {
  it.each([...calibrationMethods])('%s gives the probabilities that the library gives', async (method) => {
    const { logits: known, labels } = await example(classes);
    const calibrator = fitCalibrator(method, { logits: known, labels });
    const { network, inputs, logits } = await example(classes, true);
    const { probabilities } = await run(exportOnnx(network, { calibrator }), inputs, [size, 4]);
    const wanted = transform(calibrator, { logits });
    // Where a map leaps, float32 may fall on the other side of the leap: at most one row in a hundred.
    const leaps = method === 'histogram' || method === 'venn_abers' || method === 'isotonic';
    const rows = Array.from({ length: size }, (_, row) =>
      distance(
        probabilities!.subarray(row * classes, (row + 1) * classes),
        wanted.subarray(row * classes, (row + 1) * classes),
      ),
    );
    expect(rows.filter((row) => row > 1e-5).length).toBeLessThanOrEqual(leaps ? size / 100 : 0);
  });

  it('a calibrator of probabilities, too', async () => {
    const { network, inputs, logits, labels } = await example(classes);
    const softmax = tf.softmax(tf.tensor2d(logits, [size, classes])).dataSync<'float32'>();
    const calibrator = fitCalibrator('smatrix', { probabilities: softmax, labels });
    const { probabilities } = await run(exportOnnx(network, { calibrator }), inputs, [size, 4]);
    expect(distance(probabilities!, transform(calibrator, { probabilities: softmax }))).toBeLessThan(1e-5);
  });
});

it('folds affine calibrators into the last dense layer, and adds nodes behind any other', async () => {
  const { network, logits, labels, inputs } = await example(3);
  const calibrator = fitCalibrator('smatrix', { logits, labels });
  const [plain, folded] = [exportOnnx(network), exportOnnx(network, { calibrator })];
  const ofOps = (bytes: Uint8Array): number => Buffer.from(bytes).toString('latin1').split('Gemm').length;
  expect(ofOps(folded)).toBe(ofOps(plain));
  const { logits: scaled } = await run(folded, inputs, [size, 4]);
  expect(distance(scaled!, logits)).toBeGreaterThan(0.1);

  const behind = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [4], units: 3 }), tf.layers.reLU({})],
  });
  fill(behind);
  const rectified = (behind.predict(tf.tensor2d(inputs, [size, 4])) as tf.Tensor).dataSync<'float32'>();
  const other = fitCalibrator('temperature', { logits: rectified, labels });
  const { probabilities, logits: raw } = await run(
    exportOnnx(await savedNetwork(behind), { calibrator: other }),
    inputs,
    [size, 4],
  );
  expect(distance(raw!, rectified)).toBeLessThan(1e-5);
  expect(distance(probabilities!, transform(other, { logits: rectified }))).toBeLessThan(1e-5);
});

it('carries the calibrator, and refuses one of other classes', async () => {
  const { network, logits, labels } = await example(3);
  const calibrator = fitCalibrator('beta', { logits, labels });
  expect(JSON.parse(readMetadata(exportOnnx(network, { calibrator }))['calibrator']!)).toEqual(calibrator);
  const { network: two } = await example(2);
  expect(() => exportOnnx(two, { calibrator })).toThrow(
    new OnnxError("The calibrator is for 3 classes, the network has 2: fit one on this network's logits."),
  );
});
