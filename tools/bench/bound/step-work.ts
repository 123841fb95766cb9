import type { tf } from '@label-relaxation/runtime';

/** What a training step of a network cannot do without. */
export interface StepWork {
  /**
   * Multiplications and additions of convolutions and dense products: forward, and the gradients by their inputs (but for the first)
   * and by their weights.
   */
  readonly operations: number;
  /** The same with Winograd's F(2x2, 3x3) where it applies, which needs 16 multiplications in place of 36. */
  readonly minimalOperations: number;
  /**
   * Bytes to and from memory where no cache holds a tensor from one layer to the next and everything between two convolutions or
   * products is done while their results pass: each result is written, read by the next layer and again by the backward pass; its
   * gradient is written and read. Each weight and its velocity is read and written once.
   */
  readonly bytes: number;
}

const winogradGain = 36 / 16;
const bytesOfFloat = 4;
const passesOfResult = 5;
const passesOfWeight = 4;

/** The work of a step of standard SGD with momentum in float32. */
export function stepWork(network: tf.LayersModel, batch: number): StepWork {
  let [operations, minimalOperations, bytes] = [0, 0, 0];
  let isFirst = true;
  for (const layer of network.layers) {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('kernel'));
    if (kernel === undefined) continue;
    const weights = kernel.shape.reduce<number>((product, size) => product * size!, 1);
    const results = (layer.outputShape as number[]).slice(1).reduce((product, size) => product * size, 1);
    const perExample = (weights * results) / kernel.shape.at(-1)!;
    const own = 2 * batch * perExample * (isFirst ? 2 : 3);
    operations += own;
    minimalOperations += own / (isWinograd(layer) ? winogradGain : 1);
    bytes += bytesOfFloat * (passesOfWeight * weights + passesOfResult * batch * results);
    isFirst = false;
  }
  return { operations, minimalOperations, bytes };
}

function isWinograd(layer: tf.layers.Layer): boolean {
  const { kernelSize, strides } = layer.getConfig() as { kernelSize?: number[]; strides?: number[] };
  return [kernelSize, strides].join(';') === '3,3;1,1';
}
