import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '@label-relaxation/runtime';
import type { ImageShape, Model } from '../src/model';
import type { ModelName } from '../src/names';

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

const { imul } = Math;

/** The fixture's formula: numbers in [0, 1) from a hash of the name (FNV-1a) and the position (murmur3's last step). */
export function uniform(name: string, size: number): Float64Array {
  let seed = 2166136261;
  for (const byte of Buffer.from(name)) seed = imul(seed ^ byte, 16777619) >>> 0;
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let h = (seed + i) >>> 0;
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }
  return values;
}

/** Gives a network the fixture's weights, and takes its dropout out. */
export function startAsKeras(model: Model): void {
  for (const { name, variable } of [...model.trainableVariables, ...model.nonTrainableVariables]) {
    const scale = scaleOf(name, variable.shape);
    const values = Float32Array.from(uniform(name, variable.size).map(scale));
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

/** How a variable's first values follow from u: kernels have the usual variance, offsets leave most rectifiers open. */
function scaleOf(name: string, shape: number[]): (u: number) => number {
  switch (name.split('/').at(-1)) {
    case 'kernel': {
      const window = shape.slice(0, -2).reduce((area, side) => area * side, 1);
      const [channelsIn, channelsOut] = shape.slice(-2) as [number, number];
      const limit = Math.sqrt(6 / (window * (channelsIn + channelsOut)));
      return (u) => (2 * u - 1) * limit;
    }
    case 'gamma':
      return (u) => 0.8 + 0.4 * u;
    case 'moving_variance':
      return (u) => 0.5 + u;
    case 'moving_mean':
      return (u) => 0.2 * u - 0.1;
    default:
      return (u) => 1.5 + 0.2 * u;
  }
}

/** Images of 4x4 patches with noise, as bytes. */
function pixels(
  name: string,
  count: number,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const patches = uniform(`${name}/patches`, count * 16 * channels);
  return Uint8Array.from(
    uniform(`${name}/noise`, count * height * width * channels).map((noise, i) => {
      const c = i % channels;
      const x = Math.floor(i / channels) % width;
      const y = Math.floor(i / (channels * width)) % height;
      const image = Math.floor(i / (channels * width * height));
      const patch = (image * 4 + Math.floor(y / (height / 4))) * 4 + Math.floor(x / (width / 4));
      return Math.floor((0.75 * (patches[patch * channels + c] as number) + 0.25 * noise) * 256);
    }),
  );
}
