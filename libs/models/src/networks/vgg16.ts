import type { tf } from '@label-relaxation/runtime';
import type { NetworkDeclaration } from '../declaration';

const BLOCKS = [
  { filters: 64, convolutions: 2, dropout: 0.3 },
  { filters: 128, convolutions: 2, dropout: 0.4 },
  { filters: 256, convolutions: 3, dropout: 0.4 },
  { filters: 512, convolutions: 3, dropout: 0.4 },
  { filters: 512, convolutions: 3, dropout: 0.4 },
];
const L2 = 5e-4;

/**
 * VGG16 (Simonyan and Zisserman, 2015) for small images, with batch-norm after each rectifier and dropout between the
 * convolutions of a block (Liu and Deng, 2015).
 */
export const vgg16: NetworkDeclaration<'vgg'> = {
  name: 'vgg',
  type: 'VGG16',
  smallest: 32,
  gigabytes: 1.5,
  layers: (net, images, classes) => {
    let x: tf.SymbolicTensor = images;
    BLOCKS.forEach(({ filters, convolutions, dropout }, b) => {
      const block = `block${b + 1}`;
      for (let i = 1; i <= convolutions; i++) {
        x = net.conv(x, `${block}_conv${i}`, { filters, size: 3, l2: L2 });
        x = net.relu(x, `${block}_relu${i}`);
        x = net.batchNorm(x, `${block}_bn${i}`);
        if (i < convolutions) x = net.dropout(x, `${block}_dropout${i}`, dropout);
      }
      x = net.tf.layers.maxPooling2d({ name: `${block}_pool`, poolSize: 2 }).apply(x) as tf.SymbolicTensor;
    });
    x = net.dropout(x, 'top_dropout1', 0.5);
    x = net.tf.layers.flatten({ name: 'flatten' }).apply(x) as tf.SymbolicTensor;
    x = net.dense(x, 'top_dense', { units: 512, l2: L2 });
    x = net.relu(x, 'top_relu');
    x = net.batchNorm(x, 'top_bn');
    x = net.dropout(x, 'top_dropout2', 0.5);
    return net.dense(x, 'logits', { units: classes });
  },
};
