import { tf, withRandomStep } from '@label-relaxation/runtime';
import { createModel } from './model';
import type { NetworkFunction } from './own-network';

const options = { inputShape: [8, 8, 3] as const, classes: 4, seed: 1 };
const build = (layers: NetworkFunction) => createModel({ name: 'mine', layers }, options);

describe('a network of one’s own', () => {
  it('is made by the builder, as ours are', () => {
    const layers: NetworkFunction = (net, images, classes) => {
      let x = net.relu(
        net.batchNorm(net.conv(images, 'conv', { filters: 6, size: 3, l2: 1e-3 }), 'bn'),
        'relu',
      );
      x = net.tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(x) as typeof x;
      return net.dense(x, 'logits', { units: classes });
    };
    const model = build(layers);
    expect(model.name).toBe('mine');
    expect(model.parameters).toBe(3 * 9 * 6 + 6 + 4 * 6 + 6 * 4 + 4);
    expect(model.regularizers.map(({ l2 }) => l2)).toEqual([1e-3]);
    const logits = withRandomStep(tf.tensor1d([0, 0], 'int32'), () =>
      model.logits(tf.ones([2, 8, 8, 3]), { training: true }),
    );
    expect(logits.shape).toEqual([2, 4]);
    const again = build(layers);
    expect(again.trainableVariables[0]!.variable.dataSync()).toEqual(
      model.trainableVariables[0]!.variable.dataSync(),
    );
  });

  it('may be a tfjs model, with its L2 penalties', () => {
    const model = build((net, _, classes) =>
      net.tf.sequential({
        layers: [
          net.tf.layers.flatten({ inputShape: [8, 8, 3] }),
          net.tf.layers.dense({
            units: 5,
            name: 'inner',
            kernelRegularizer: net.tf.regularizers.l2({ l2: 0.01 }),
          }),
          net.tf.layers.dense({ units: classes, name: 'outer' }),
        ],
      }),
    );
    expect(model.regularizers).toHaveLength(1);
    expect(model.regularizers[0]).toMatchObject({ l2: 0.01 });
    expect(model.regularizers[0]!.variable.shape).toEqual([192, 5]);
    expect(model.logits(tf.ones([3, 8, 8, 3]), { training: false }).shape).toEqual([3, 4]);
  });

  it('computes tfjs’s own dropout and batch-norm as ours, so that it is compiled and repeats itself', () => {
    const layers: NetworkFunction = ({ tf: { layers, sequential } }, _, classes) =>
      sequential({
        layers: [
          layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, name: 'c' }),
          layers.batchNormalization({ momentum: 0.9, name: 'bn' }),
          layers.flatten(),
          layers.dropout({ rate: 0.5 }),
          layers.dense({ units: classes, name: 'out' }),
        ],
      });
    const [first, second] = [build(layers), build(layers)];
    const images = tf.randomUniform([6, 8, 8, 3]);
    const logitsOf = (model: typeof first, step: number) =>
      withRandomStep(tf.tensor1d([3, step], 'int32'), () =>
        model.logits(images, { training: true }).dataSync(),
      );
    const before = logitsOf(first, 0);
    expect(logitsOf(second, 0)).toEqual(before);
    expect(logitsOf(second, 1)).not.toEqual(before);
    const moving = first.nonTrainableVariables.find(({ name }) => name.includes('moving_mean'))!;
    const mean = first.network.getLayer('c').apply(images) as tf.Tensor;
    const expected = mean.mean([0, 1, 2]).mul(0.1).arraySync() as number[];
    (moving.variable.arraySync() as number[]).forEach((value, i) =>
      expect(value).toBeCloseTo(expected[i]!, 5),
    );
  });

  it.each<[string, NetworkFunction, string]>([
    ['nothing', () => undefined as never, 'mine gives nothing: give the logits, a tensor of layers'],
    ['a promise', async () => undefined as never, 'mine gives a promise: give the logits'] as never,
    [
      'other inputs',
      ({ tf: { layers, sequential } }) =>
        sequential({ layers: [layers.dense({ units: 4, inputShape: [7] })] }),
      'mine takes inputs of [7]: the data has [8,8,3].',
    ],
    [
      'no logits',
      (net, images) => net.conv(images, 'conv', { filters: 4, size: 3 }),
      'mine gives [batch,8,8,4]: logits of [batch,4] are needed.',
    ],
    [
      'probabilities',
      (net, images, classes) => {
        const flat = net.tf.layers.flatten().apply(images) as typeof images;
        return net.tf.layers.dense({ units: classes, activation: 'softmax' }).apply(flat) as typeof images;
      },
      'mine ends in a softmax: give the logits before it',
    ],
    [
      'an L1 penalty',
      (net, images, classes) => {
        const flat = net.tf.layers.flatten().apply(images) as typeof images;
        const kernelRegularizer = net.tf.regularizers.l1({ l1: 0.1 });
        return net.tf.layers
          .dense({ units: classes, name: 'out', kernelRegularizer })
          .apply(flat) as typeof images;
      },
      'mine has an L1 penalty on out/kernel: only L2 penalties are trained.',
    ],
  ])('is refused for %s', (_, layers, message) => {
    expect(() => build(layers)).toThrow(message);
  });
});
