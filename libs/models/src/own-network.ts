import { tf } from '@label-relaxation/runtime';
import type { NetworkDeclaration } from './declaration';
import { ModelError } from './errors';
import type { NetworkBuilder } from './layers/network-builder';
import type { ModelOptions, Regularizer } from './model';

/**
 * Adds layers from the inputs, [batch, ...shape], to the logits, [batch, classes], or makes a tfjs model of its own from
 * the same inputs to logits.
 */
export type NetworkFunction = (
  net: NetworkBuilder,
  inputs: tf.SymbolicTensor,
  classes: number,
) => tf.SymbolicTensor | tf.LayersModel;

/** A network of one's own: what it is called, such as in its summary, and its layers. */
export interface OwnNetwork extends Pick<NetworkDeclaration, 'name' | 'activityLoss'> {
  readonly layers: NetworkFunction;
}

/**
 * Draws what JavaScript draws at random meanwhile from a seed: the weights of tfjs layers whose initializer has no seed
 * of its own. The generator is mulberry32.
 */
export function withSeed<T>(seed: number, build: () => T): T {
  const { random } = Math;
  let state = seed;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  try {
    return build();
  } finally {
    Math.random = random;
  }
}

/** Throws a ModelError unless a function gave a tensor of layers, or a model. */
export function checkMade(made: unknown, name: string): void {
  if (made instanceof tf.LayersModel || made instanceof tf.SymbolicTensor) return;
  const given = made instanceof Promise ? 'a promise' : Array.isArray(made) ? 'a list' : typeof made;
  throw new ModelError(
    `${name} gives ${given === 'undefined' ? 'nothing' : given}: give the logits, a tensor of layers, or a tfjs LayersModel.`,
  );
}

/**
 * Checks what a network of one's own came to.
 *
 * @throws ModelError unless it takes the data's inputs and gives logits for its classes
 */
export function checkNetwork(
  { inputs, outputs, layers }: tf.LayersModel,
  name: string,
  { inputShape, classes }: ModelOptions,
): void {
  const [input, output] = [inputs[0]!, outputs[0]!];
  const taken = input.shape.slice(1).join();
  if (inputs.length !== 1 || taken !== inputShape.join()) {
    throw new ModelError(`${name} takes inputs of [${taken}]: the data has [${inputShape.join()}].`);
  }
  if (outputs.length !== 1 || output.shape.slice(1).join() !== String(classes)) {
    throw new ModelError(
      `${name} gives [${output.shape.map((side) => side ?? 'batch').join()}]: logits of [batch,${classes}] are needed.`,
    );
  }
  const last = layers.find((layer) => layer.name === output.sourceLayer?.name);
  if (last?.getConfig()['activation'] === 'softmax' || last?.getClassName() === 'Softmax') {
    throw new ModelError(`${name} ends in a softmax: give the logits before it, which losses are taken of.`);
  }
}

/**
 * The L2 penalties that tfjs layers bring along, apart from those that the builder made.
 *
 * @throws ModelError for a penalty of another kind
 */
export function penaltiesOf(network: tf.LayersModel, net: NetworkBuilder, name: string): Regularizer[] {
  const own = new Set(net.penalties.map(({ layer }) => layer));
  return network.layers.flatMap((layer) => {
    if (own.has(layer)) return [];
    const config = layer.getConfig();
    return layer.trainableWeights.flatMap((weight) => {
      const kind = weight.originalName.split('/').at(-1)!.replace(/_\d+$/u, '');
      const regularizer = config[`${kind}Regularizer`] as { config?: { l1?: number; l2?: number } } | null;
      const { l1 = 0, l2 = 0 } = regularizer?.config ?? {};
      if (l1 > 0) {
        throw new ModelError(
          `${name} has an L1 penalty on ${weight.originalName}: only L2 penalties are trained.`,
        );
      }
      return l2 > 0 ? [{ variable: weight.read() as tf.Variable, l2 }] : [];
    });
  });
}
