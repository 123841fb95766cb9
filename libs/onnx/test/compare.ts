import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportOnnx, type ExportOptions, savedNetwork } from '../src';

// Without this tfjs advises to take its backend for Node.
tf.enableProdMode();

/** Numbers that look random and are always the same, from -1 to 1. */
export function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1)) * Math.cos(0.7 * i));
}

/** Gives all weights values that are far from where they start, variances positive ones. */
export function fill(network: tf.LayersModel): void {
  network.setWeights(
    network.weights.map(({ shape, originalName }) => {
      const count = shape.reduce<number>((product, side) => product * side!, 1);
      const isScale = /variance|gamma/.test(originalName);
      return tf.tensor(
        numbers(count).map((x) => (isScale ? 1 + x / 2 : x / 2)),
        shape as number[],
      );
    }),
  );
}

/** Outputs of an ONNX model on some inputs, by name. */
export async function run(
  bytes: Uint8Array,
  values: Float32Array,
  shape: readonly number[],
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(bytes);
  const results = await session.run({ [session.inputNames[0]!]: new Tensor('float32', values, shape) });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

/** The largest difference between what tfjs and ONNX Runtime compute with a network, as a share of the largest value. */
export async function difference(
  network: tf.LayersModel,
  options: ExportOptions & { batch?: number } = {},
): Promise<number> {
  const { batch = 3, ...rest } = options;
  fill(network);
  const shape = [batch, ...network.inputs[0]!.shape.slice(1).map((side) => side!)];
  const values = numbers(shape.reduce((product, side) => product * side, 1));
  const wanted = network.predict(tf.tensor(values, shape)) as tf.Tensor;
  const { logits } = await run(exportOnnx(await savedNetwork(network), rest), values, shape);
  const expected = wanted.dataSync<'float32'>();
  expect(logits).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return logits!.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!) / largest), 0);
}
