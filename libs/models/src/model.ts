import { tf } from '@label-relaxation/runtime';
import { ModelError } from './errors';
import { NetworkBuilder } from './layers/network-builder';
import { MODEL_NAMES, networkOf } from './names';
import { checkMade, checkNetwork, type OwnNetwork, penaltiesOf, withSeed } from './own-network';
import type { ModelName } from './registry';

/** Height, width and channels of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** The shape of an image, or the number of features. */
export type InputShape = ImageShape | readonly [features: number];

/** A variable under a name that is the same in every process and unique within the network. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** An L2 penalty l2 * sum(variable^2), part of the loss. */
export interface Regularizer {
  readonly variable: tf.Variable;
  readonly l2: number;
}

/** A network that can be trained, saved and exported. */
export interface Model {
  readonly name: string;
  readonly inputShape: InputShape;
  readonly classes: number;
  /** The network as a tfjs model of standard layers from inputs to logits: save it, and any tfjs loads it. */
  readonly network: tf.LayersModel;
  readonly trainableVariables: readonly NamedVariable[];
  /** Moving averages of batch-norm, which `logits` in training mode updates. */
  readonly nonTrainableVariables: readonly NamedVariable[];
  readonly regularizers: readonly Regularizer[];
  /** Number of parameters, as Keras counts them: moving averages included. */
  readonly parameters: number;
  /**
   * Logits, [batch, classes], of images, float32 [batch, height, width, channels], or features, [batch, features].
   *
   * In training mode dropout draws from the step's seed: call it inside of `withRandomStep`.
   */
  logits(inputs: tf.Tensor, options: { training: boolean }): tf.Tensor2D;
  /** A penalty on the logits, part of the loss, already a mean over the batch. */
  activityLoss?(logits: tf.Tensor2D): tf.Scalar;
  /** A table of the layers, their shapes and parameters. */
  summary(): string;
  /** Frees the variables. */
  dispose(): void;
}

export interface ModelOptions {
  inputShape: InputShape;
  /** Number of classes, at least 2. */
  classes: number;
  /** A whole number from which all initial weights follow. */
  seed: number;
}

/**
 * Builds a network with fresh weights, the same for the same seed.
 *
 * @param model the name of one of the study's, or one's own
 * @throws ModelError if the network doesn't exist, the images are too small for it, a number makes no sense, or a
 * network of one's own gives something else than logits
 */
export function createModel(model: ModelName | OwnNetwork, options: ModelOptions): Model {
  const { inputShape, classes, seed } = options;
  if (typeof model === 'string' && !MODEL_NAMES.includes(model)) {
    throw new ModelError(`Unknown model "${model}": choose one of ${MODEL_NAMES.join(', ')}.`);
  }
  checkOptions(options);
  if (typeof model === 'string') checkShape(model, inputShape);
  const { layers, activityLoss } = typeof model === 'string' ? networkOf(model) : model;
  const title = typeof model === 'string' ? networkOf(model).type : model.name;
  const net = new NetworkBuilder(seed);
  let network!: tf.LayersModel;
  tf.tidy(() => {
    const name = inputShape.length === 3 ? 'images' : 'features';
    const inputs = tf.input({ shape: [...inputShape], name });
    const made = withSeed(seed, () => layers(net, inputs, classes));
    if (typeof model !== 'string') checkMade(made, title);
    network = made instanceof tf.LayersModel ? made : tf.model({ name: title, inputs, outputs: made });
  });
  if (typeof model !== 'string') {
    checkNetwork(network, title, options);
    for (const layer of network.layers) net.adopt(layer);
  }
  return {
    name: typeof model === 'string' ? model : model.name,
    inputShape,
    classes,
    network,
    trainableVariables: named(network.trainableWeights),
    nonTrainableVariables: named(network.nonTrainableWeights),
    regularizers: [
      ...net.penalties.map(({ layer, l2 }) => ({ variable: variableOf(layer.weights[0]!), l2 })),
      ...penaltiesOf(network, net, title),
    ],
    parameters: network.countParams(),
    logits: (batch, { training }) => tf.tidy(() => network.apply(batch, { training }) as tf.Tensor2D),
    ...(activityLoss ? { activityLoss: (logits) => tf.tidy(() => activityLoss(logits)) } : {}),
    summary: () => summaryOf(network),
    dispose: () => void network.dispose(),
  };
}

function checkOptions({ inputShape, classes, seed }: ModelOptions): void {
  if (
    ![1, 3].includes(inputShape.length) ||
    !inputShape.every((side) => Number.isInteger(side) && side > 0)
  ) {
    throw new ModelError(
      `Inputs of shape [${inputShape}] make no sense: give [height, width, channels] of images, or [features].`,
    );
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new ModelError(`${classes} classes make no sense: give a whole number, 2 or more.`);
  }
  if (!Number.isInteger(seed)) throw new ModelError(`The seed is ${seed}: give a whole number.`);
}

function checkShape(name: ModelName, inputShape: InputShape): void {
  const { type, smallest } = networkOf(name);
  if (smallest === null) return;
  const [height, width] = inputShape;
  if (width === undefined) {
    throw new ModelError(`${type} needs images, and the data has ${height} features: choose simple_dense.`);
  }
  if (Math.min(height, width) < smallest) {
    throw new ModelError(
      `${type} needs images of at least ${smallest}x${smallest} pixels, these have ${height}x${width}: ` +
        'choose another model or data set.',
    );
  }
}

type Weight = tf.LayersModel['weights'][number];

function named(weights: readonly Weight[]): NamedVariable[] {
  return weights.map((weight) => ({ name: weight.originalName, variable: variableOf(weight) }));
}

function variableOf(weight: Weight): tf.Variable {
  return weight.read() as tf.Variable;
}

function summaryOf(network: tf.LayersModel): string {
  const lines: string[] = [];
  network.summary(110, undefined, (line: string) => lines.push(line));
  return `${lines.join('\n')}\n`;
}
