import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model, ModelName } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import type { SavedVariable, TrainingData } from '@label-relaxation/training';

/** Norm, product with the formula's direction, and two numbers of a tensor. */
type Summary = [number, number, number, number];

/** Ten steps in Keras, from weights and images that a formula gives; see tools/fixtures/models/models.py. */
export interface KerasReference {
  name: ModelName;
  shape: [number, number, number];
  classes: number;
  batch: number;
  rates: [number, number];
  momentum: number;
  decay: number;
  losses: number[];
  changes: Record<string, Summary>;
}

export function kerasReference(name: ModelName): KerasReference {
  const file = join(__dirname, `../../../tools/fixtures/models/${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as KerasReference;
}

/** Gives a network the reference's weights, and takes its dropout out. */
export function startAsReference(model: Model): void {
  for (const { name, variable } of [...model.trainableVariables, ...model.nonTrainableVariables]) {
    tf.tidy(() => variable.assign(tf.tensor(initial(name, variable.shape), variable.shape)));
  }
  for (const layer of model.network.layers) {
    if (layer.getClassName() === 'Dropout') layer.call = (inputs) => inputs;
  }
}

/** The images and labels of all ten batches, one after the other. */
export function referenceData({ name, shape, batch, classes, losses }: KerasReference): TrainingData {
  const examples = batch * losses.length;
  return {
    images: pixels(name, examples, shape),
    labels: Uint8Array.from(uniform(`${name}/labels`, examples).map((u) => Math.floor(u * classes))),
    shape,
  };
}

/** How far a variable's change since the start is from the reference's, as a share of that change's norm. */
export function distance(
  { name, shape, values }: SavedVariable,
  [norm, product, third, last]: Summary,
): number {
  const start = initial(name, shape);
  const direction = uniform(`${name}/direction`, values.length);
  const change = (i: number): number => (values[i] as number) - (start[i] as number);
  let squares = 0;
  let dot = 0;
  for (let i = 0; i < values.length; i++) {
    squares += change(i) ** 2;
    dot += change(i) * (2 * (direction[i] as number) - 1);
  }
  const differences = [
    Math.sqrt(squares) - norm,
    dot - product,
    change(Math.floor(values.length / 3)) - third,
    change(values.length - 1) - last,
  ].map(Math.abs);
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences) / (norm + 1e-5);
}

const { imul } = Math;

/** Numbers in [0, 1) from a hash of the name (FNV-1a) and of the position (murmur3's last step). */
function uniform(name: string, size: number): Float64Array {
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

/** A variable's first values: kernels of the usual variance, offsets that leave most rectifiers open. */
function initial(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from(uniform(name, size).map(scaleOf(name, shape)));
}

function scaleOf(name: string, shape: readonly number[]): (u: number) => number {
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
