import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import { initial, pixels, uniform } from '../../../tools/test/keras-formula';
import type { ImageShape, Model } from '../src/model';
import type { ModelName } from '../src/registry';

/** Norm, product with the formula's direction, and two numbers of a tensor. */
export type Summary = [number, number, number, number];

/** What Keras computed; see tools/fixtures/models/models.py. */
export interface KerasFixture {
  name: ModelName;
  shape: ImageShape;
  classes: number;
  batch: number;
  parameters: Record<'10' | '100', number>;
  logits: number[];
  trainingLogits: number[];
  gradients: Record<string, Summary>;
  moving: Record<string, Summary>;
  losses: number[];
}

export function kerasFixture(name: ModelName): KerasFixture {
  const file = join(__dirname, `../../../tools/fixtures/models/${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as KerasFixture;
}

/** Gives a network the fixture's weights, and takes its dropout out. */
export function startAsKeras(model: Model): void {
  for (const { name, variable } of [...model.trainableVariables, ...model.nonTrainableVariables]) {
    const values = initial(name, variable.shape);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  for (const layer of model.network.layers) {
    if (layer.getClassName() === 'Dropout') layer.call = (inputs) => inputs;
  }
}

/** A part of the fixture's images as pixels / 255, and their labels. */
export function batchOf({ name, shape, batch, classes }: KerasFixture): {
  images: tf.Tensor4D;
  labels: tf.Tensor1D;
} {
  const labels = uniform(`${name}/labels`, batch).map((u) => Math.floor(u * classes));
  return {
    images: tf.tensor4d(
      Float32Array.from(pixels(name, batch, shape), (pixel) => pixel / 255),
      [batch, ...shape],
    ),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
}

/**
 * The largest difference of a tensor from its summary, as a share of the tensor's norm; what is far below 0.1 in all
 * (the gradient of a bias in front of a batch-norm is 0 but for rounding) counts as a share of 0.1.
 */
export function distance(name: string, tensor: tf.Tensor, [norm, product, third, last]: Summary): number {
  const values = tensor.dataSync();
  const direction = uniform(`${name}/direction`, values.length);
  let squares = 0;
  let dot = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    squares += value * value;
    dot += value * (2 * (direction[i] as number) - 1);
  }
  const differences = [
    Math.sqrt(squares) - norm,
    dot - product,
    (values[Math.floor(values.length / 3)] as number) - third,
    (values[values.length - 1] as number) - last,
  ];
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences.map(Math.abs)) / Math.max(norm, 0.1);
}
