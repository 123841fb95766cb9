import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model, ModelName } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import type { SavedVariable, TrainingData } from '@label-relaxation/training';
import { initial, pixels, uniform } from '../../../tools/test/keras-formula';

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
    inputs: pixels(name, examples, shape),
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
