import type { tf } from '@label-relaxation/runtime';
import type { NetworkDeclaration } from '../declaration';
import type { NetworkBuilder } from '../layers/network-builder';

const STAGES = [
  { width: 16, out: 64, strides: 1 },
  { width: 64, out: 128, strides: 2 },
  { width: 128, out: 256, strides: 2 },
];
const BLOCKS = 6;
const CONVOLUTION = { initializer: 'he_normal', l2: 1e-4 } as const;
const TOP_L2 = 0.01;

/**
 * ResNet of 56 layers in its second version (He et al., 2016, "Identity mappings in deep residual networks"): 3 stages
 * of 6 bottlenecks, each with batch-norm and rectifier in front of its convolutions.
 */
export const resnet56v2: NetworkDeclaration<'resnet'> = {
  name: 'resnet',
  type: 'ResNet56V2',
  smallest: 32,
  gigabytes: 1.7,
  layers: (net, images, classes) => {
    let x = net.conv(images, 'stem_conv', { filters: 16, size: 3, ...CONVOLUTION });
    x = activated(net, x, 'stem');
    STAGES.forEach((stage, s) => {
      for (let b = 1; b <= BLOCKS; b++)
        x = bottleneck(net, x, `stage${s + 1}_block${b}`, stage, b === 1, s === 0);
    });
    x = activated(net, x, 'top');
    x = net.tf.layers.averagePooling2d({ name: 'top_pool', poolSize: 8 }).apply(x) as tf.SymbolicTensor;
    x = net.tf.layers.flatten({ name: 'flatten' }).apply(x) as tf.SymbolicTensor;
    return net.dense(x, 'logits', { units: classes, initializer: 'he_normal', l2: TOP_L2 });
  },
  // Keras's activity regulariser on the class probabilities: 0.01 * sum(p^2), divided by the batch.
  activityLoss: (logits) => logits.softmax().square().sum(1).mean<tf.Scalar>().mul(TOP_L2),
};

/** 1x1, 3x3, 1x1, added to what came in; a stage's first block projects that to the new width and size. */
function bottleneck(
  net: NetworkBuilder,
  input: tf.SymbolicTensor,
  name: string,
  { width, out, strides }: (typeof STAGES)[number],
  firstOfStage: boolean,
  firstStage: boolean,
): tf.SymbolicTensor {
  const step = firstOfStage ? strides : 1;
  let x = firstOfStage && firstStage ? input : activated(net, input, `${name}_1`);
  x = net.conv(x, `${name}_conv1`, { filters: width, size: 1, strides: step, ...CONVOLUTION });
  x = activated(net, x, `${name}_2`);
  x = net.conv(x, `${name}_conv2`, { filters: width, size: 3, ...CONVOLUTION });
  x = activated(net, x, `${name}_3`);
  x = net.conv(x, `${name}_conv3`, { filters: out, size: 1, ...CONVOLUTION });
  const shortcut = firstOfStage
    ? net.conv(input, `${name}_shortcut`, { filters: out, size: 1, strides: step, ...CONVOLUTION })
    : input;
  return net.tf.layers.add({ name: `${name}_add` }).apply([shortcut, x]) as tf.SymbolicTensor;
}

function activated(net: NetworkBuilder, x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return net.relu(net.batchNorm(x, `${name}_bn`), `${name}_relu`);
}
