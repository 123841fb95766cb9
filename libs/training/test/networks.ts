import { tf } from '@label-relaxation/runtime';
import type { ExampleLoss, StepOptions, TrainableNetwork, TrainingData } from '../src';

/** Cross-entropy from logits. */
export const crossEntropy: ExampleLoss = {
  perExample: (logits, labels) =>
    tf.tidy(() => {
      const classes = logits.shape[1];
      return tf.logSoftmax(logits).mul(tf.oneHot(labels, classes)).sum(1).neg() as tf.Tensor1D;
    }),
};

/** Cross-entropy that loses weight as the run goes on. */
export const fadingCrossEntropy: ExampleLoss = {
  perExample: (logits, labels, progress = tf.scalar(0)) =>
    crossEntropy.perExample(logits, labels).mul(progress.mul(-1).add(1)) as tf.Tensor1D,
};

/** A network of two dense layers with an L2 penalty on the first one. */
export function denseNetwork(shape: readonly number[], classes: number, hidden = 8): TrainableNetwork {
  const pixels = shape.reduce((product, side) => product * side, 1);
  const named = (name: string, values: tf.Tensor) => ({ name, variable: tf.variable(values) });
  const kernel1 = named('kernel1', tf.randomNormal([pixels, hidden], 0, 0.3, 'float32', 1));
  const bias1 = named('bias1', tf.zeros([hidden]));
  const kernel2 = named('kernel2', tf.randomNormal([hidden, classes], 0, 0.3, 'float32', 2));
  const bias2 = named('bias2', tf.zeros([classes]));
  return {
    trainableVariables: [kernel1, bias1, kernel2, bias2],
    nonTrainableVariables: [],
    regularizers: [{ variable: kernel1.variable, l2: 1e-3 }],
    logits: (images) =>
      tf.tidy(() => {
        const flat = images.reshape([images.shape[0], pixels]);
        const inner = flat.matMul(kernel1.variable).add(bias1.variable).relu();
        return inner.matMul(kernel2.variable).add(bias2.variable) as tf.Tensor2D;
      }),
    activityLoss: (logits) =>
      tf.tidy(() =>
        tf
          .softmax(logits)
          .square()
          .sum()
          .mul(0.01 / logits.shape[0]),
      ),
  };
}

/** Images whose brightest column tells the class, so that a network can learn them. */
export function stripes(
  examples: number,
  shape: readonly [number, number, number] = [4, 4, 1],
): TrainingData {
  const [height, width, channels] = shape;
  const images = new Uint8Array(examples * height * width * channels);
  const labels = new Uint8Array(examples);
  let state = 12345;
  for (let i = 0; i < images.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    images[i] = (state >>> 16) % 120;
  }
  for (let example = 0; example < examples; example++) {
    labels[example] = example % width;
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < channels; channel++) {
        images[((example * height + row) * width + (example % width)) * channels + channel]! += 130;
      }
    }
  }
  return { inputs: images, labels, shape };
}

/** Options of a step on `stripes` with the dense network. */
export function denseOptions(overrides: Partial<StepOptions> = {}): StepOptions {
  const data = stripes(24);
  return {
    network: denseNetwork(data.shape, 4),
    loss: crossEntropy,
    optimizer: { momentum: 0.9, nesterov: true, decay: 1e-3, clipValue: 0 },
    data,
    seed: 0,
    batchSize: 6,
    ...overrides,
  };
}

/** The numbers from `start` to `end` - 1. */
export function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}
