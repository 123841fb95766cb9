import type { tf } from '@label-relaxation/runtime';

/** What a layer computes: from its input and its weights, in the layer's order. */
export type Forward = (x: tf.Tensor, weights: tf.Variable[], training: boolean) => tf.Tensor;

/**
 * Lets a standard tfjs layer compute with our kernels.
 *
 * Name, configuration, weights and saved form stay the standard layer's, so that any tfjs loads the saved network and
 * computes the same with its own kernels.
 */
export function computeWith<L extends tf.layers.Layer>(layer: L, forward: Forward): L {
  layer.call = (inputs, kwargs) => {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    const weights = layer.weights.map((weight) => weight.read() as tf.Variable);
    return forward(x, weights, kwargs['training'] === true);
  };
  return layer;
}
