import type { Model } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';

/**
 * A trained network with its normalisation in front, made of standard layers alone, so that plain tfjs loads it: it
 * takes pixels of 0 to 255, [n, height, width, channels], and gives logits [n, classes].
 *
 * The normalisation, pixels / 255 - mean, is an inference batch-norm over the flattened image. It shares the
 * network's variables: save it, don't dispose it.
 */
export function exportableNetwork(model: Model, mean: Float32Array | null): tf.LayersModel {
  const shape = [...model.inputShape];
  const size = shape.reduce((product, side) => product * side, 1);
  const pixels = tf.input({ shape, name: 'pixels' });
  const normalise = tf.layers.batchNormalization({ name: 'normalisation', center: false, epsilon: 1e-12 });
  let images = tf.layers.flatten({ name: 'flat_pixels' }).apply(pixels) as tf.SymbolicTensor;
  images = normalise.apply(images) as tf.SymbolicTensor;
  images = tf.layers.reshape({ name: 'images', targetShape: shape }).apply(images) as tf.SymbolicTensor;
  const logits = model.network.apply(images) as tf.SymbolicTensor;
  tf.tidy(() => {
    const scaledMean = mean ? tf.tensor1d(mean).mul(255) : tf.zeros([size]);
    normalise.setWeights([tf.fill([size], 1 / 255), scaledMean, tf.ones([size])]);
  });
  return tf.model({ inputs: pixels, outputs: logits, name: `${model.name}_from_pixels` });
}
