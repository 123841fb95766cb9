import { tf } from '@label-relaxation/runtime';
import type { NetworkBuilder } from './layers/network-builder';

/** Flatten, two dense layers of 1024 rectified units, and the logits. */
export function simpleDense(
  net: NetworkBuilder,
  images: tf.SymbolicTensor,
  classes: number,
): tf.SymbolicTensor {
  let x = tf.layers.flatten({ name: 'flatten' }).apply(images) as tf.SymbolicTensor;
  x = net.dense(x, 'dense1', { units: 1024, activation: 'relu' });
  x = net.dense(x, 'dense2', { units: 1024, activation: 'relu' });
  return net.dense(x, 'logits', { units: classes });
}
