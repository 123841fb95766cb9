/**
 * Photographs in class folders, with a network of one's own:
 *
 *   npm run study -- --dataset_name ./photos --image_size 32 --model_name ./examples/small-network.ts \
 *     --loss_name lr --alpha 0.1 --epochs 20 --initial_lr 0.02
 *
 * The function adds layers from the images to the logits. `net` makes those that are computed fastest, `net.tf` has all
 * others of tfjs, and a whole tfjs model may be returned as well.
 */
import type { NetworkFunction } from '@label-relaxation/models';

const smallNetwork: NetworkFunction = (net, images, classes) => {
  let x = images;
  for (const [stage, filters] of [16, 32, 64].entries()) {
    x = net.conv(x, `conv${stage}`, { filters, size: 3, strides: 2, useBias: false, l2: 1e-4 });
    x = net.relu(net.batchNorm(x, `norm${stage}`), `relu${stage}`);
  }
  x = net.tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(x) as typeof x;
  return net.dense(net.dropout(x, 'dropout', 0.2), 'logits', { units: classes });
};

export default smallNetwork;
