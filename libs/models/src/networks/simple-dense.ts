import type { tf } from '@label-relaxation/runtime';
import type { NetworkDeclaration } from '../declaration';

/** Two dense layers of 1024 rectified units, and the logits; images are flattened first. */
export const simpleDense: NetworkDeclaration<'simple_dense'> = {
  name: 'simple_dense',
  type: 'simple_dense',
  smallest: null,
  gigabytes: 1.2,
  layers: (net, inputs, classes) => {
    const flatten = net.tf.layers.flatten({ name: 'flatten' });
    let x = inputs.rank === 2 ? inputs : (flatten.apply(inputs) as tf.SymbolicTensor);
    x = net.dense(x, 'dense1', { units: 1024, activation: 'relu' });
    x = net.dense(x, 'dense2', { units: 1024, activation: 'relu' });
    return net.dense(x, 'logits', { units: classes });
  },
};
