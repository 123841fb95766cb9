import { tf } from '@label-relaxation/runtime';
import type { NetworkBuilder } from './layers/network-builder';

/** Two dense layers of 1024 rectified units, and the logits; images are flattened first. */
export function simpleDense(
  net: NetworkBuilder,
  inputs: tf.SymbolicTensor,
  classes: number,
): tf.SymbolicTensor {
  const areFlat = inputs.rank === 2;
  let x = areFlat ? inputs : (tf.layers.flatten({ name: 'flatten' }).apply(inputs) as tf.SymbolicTensor);
  x = net.dense(x, 'dense1', { units: 1024, activation: 'relu' });
  x = net.dense(x, 'dense2', { units: 1024, activation: 'relu' });
  return net.dense(x, 'logits', { units: classes });
}
