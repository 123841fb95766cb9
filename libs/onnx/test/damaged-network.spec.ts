import { damagedJson, jsonDamage } from '../../../tools/test/damaged-json';
import { fuzz } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { exportOnnx, type SavedNetwork } from '../src';

jest.setTimeout(3_600_000);

const layer = (type: string, name: string, config: object, ...inputs: string[]) => ({
  class_name: type,
  config: { name, ...config },
  name,
  inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
});

/** A network with an input, convolutions that are added, pooling and a dense layer, in the form of tfjs. */
const whole = {
  modelTopology: {
    class_name: 'Model',
    config: {
      name: 'small',
      layers: [
        layer('InputLayer', 'images', { batch_input_shape: [null, 4, 4, 1], dtype: 'float32' }),
        layer(
          'Conv2D',
          'conv',
          { filters: 2, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'linear' },
          'images',
        ),
        layer('BatchNormalization', 'norm', { axis: -1, epsilon: 1e-3, center: true, scale: true }, 'conv'),
        layer('Activation', 'relu', { activation: 'relu' }, 'norm'),
        layer('Add', 'sum', {}, 'relu', 'conv'),
        layer('GlobalAveragePooling2D', 'pool', {}, 'sum'),
        layer('Dense', 'dense', { units: 3, activation: 'softmax', use_bias: true }, 'pool'),
      ],
      input_layers: [['images', 0, 0]],
      output_layers: [['dense', 0, 0]],
    },
  },
  weightSpecs: [
    { name: 'conv/kernel', shape: [3, 3, 1, 2], dtype: 'float32' },
    { name: 'conv/bias', shape: [2], dtype: 'float32' },
    ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => ({
      name: `norm/${name}`,
      shape: [2],
      dtype: 'float32',
    })),
    { name: 'dense/kernel', shape: [2, 3], dtype: 'float32' },
    { name: 'dense/bias', shape: [3], dtype: 'float32' },
  ],
};
const weightData = Float32Array.from({ length: 37 }, (_, i) => Math.cos(i) + 1.1).buffer;

it('a damaged network is written as what it says, or refused in one line', async () => {
  expect(exportOnnx({ ...whole, weightData } as SavedNetwork).length).toBeGreaterThan(500);
  const { taken, refused } = await fuzz({
    inputs: jsonDamage,
    runs: tries(500, 30_000),
    refusals: ['OnnxError'],
    read: (changes) =>
      exportOnnx({ ...(damagedJson(whole, changes) as typeof whole), weightData } as SavedNetwork),
  });
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});
