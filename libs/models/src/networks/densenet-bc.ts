import type { tf } from '@label-relaxation/runtime';
import type { NetworkDeclaration } from '../declaration';
import type { NetworkBuilder } from '../layers/network-builder';

const BLOCKS = 3;
const LAYERS = 16;
const GROWTH = 12;

/**
 * DenseNet-BC of 100 layers and growth 12 (Huang et al., 2017): each layer sees the outputs of all layers before it in
 * its block; transitions between blocks halve channels and size.
 */
export const densenetBc: NetworkDeclaration<'densenet'> = {
  name: 'densenet',
  type: 'DenseNetBC',
  smallest: 6,
  gigabytes: 3.1,
  layers: (net, images, classes) => {
    let x = net.conv(images, 'stem_conv', { filters: 2 * GROWTH, size: 3, padding: 'valid', useBias: false });
    for (let block = 1; block <= BLOCKS; block++) {
      for (let layer = 1; layer <= LAYERS; layer++) x = denseLayer(net, x, `block${block}_layer${layer}`);
      if (block < BLOCKS) x = transition(net, x, `transition${block}`);
    }
    x = activated(net, x, 'top');
    x = net.tf.layers.globalAveragePooling2d({ name: 'top_pool' }).apply(x) as tf.SymbolicTensor;
    return net.dense(x, 'logits', { units: classes });
  },
};

function denseLayer(net: NetworkBuilder, input: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  let x = activated(net, input, `${name}_1`);
  x = net.conv(x, `${name}_conv1`, { filters: 4 * GROWTH, size: 1, useBias: false });
  x = activated(net, x, `${name}_2`);
  x = net.conv(x, `${name}_conv2`, { filters: GROWTH, size: 3, useBias: false });
  return net.tf.layers.concatenate({ name: `${name}_concat` }).apply([input, x]) as tf.SymbolicTensor;
}

function transition(net: NetworkBuilder, input: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  let x = activated(net, input, name);
  x = net.conv(x, `${name}_conv`, { filters: (input.shape[3] as number) / 2, size: 1, useBias: false });
  return net.tf.layers.averagePooling2d({ name: `${name}_pool`, poolSize: 2 }).apply(x) as tf.SymbolicTensor;
}

function activated(net: NetworkBuilder, x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return net.relu(net.batchNorm(x, `${name}_bn`), `${name}_relu`);
}
