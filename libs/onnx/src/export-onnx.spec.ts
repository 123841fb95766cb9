import * as tf from '@tensorflow/tfjs';
import { difference, fill, numbers, run } from '../test/compare';
import { exportOnnx } from './export-onnx';
import { OnnxError } from './errors';
import { savedNetwork } from './network/saved-network';
import { readMetadata } from './format/read-metadata';

const { layers } = tf;
const image: [number, number, number] = [7, 6, 3];

const sequential = (inputShape: number[], ...parts: tf.layers.Layer[]): tf.LayersModel => {
  const network = tf.sequential();
  network.add(layers.inputLayer({ inputShape }));
  for (const part of parts) network.add(part);
  return network;
};
/** Layers between a convolution and a dense layer: images come from and go to others. */
const between = (...parts: tf.layers.Layer[]): tf.LayersModel => {
  const network = tf.sequential();
  network.add(layers.conv2d({ inputShape: image, filters: 4, kernelSize: 3, padding: 'same' }));
  for (const part of parts) network.add(part);
  if (network.outputs[0]!.rank > 2) network.add(layers.flatten());
  network.add(layers.dense({ units: 5 }));
  return network;
};

describe('a layer computes in ONNX Runtime what it computes in tfjs', () => {
  it.each<[string, () => tf.layers.Layer[]]>([
    [
      'Conv2D with stride and padding',
      () => [layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' })],
    ],
    ['Conv2D of an even window', () => [layers.conv2d({ filters: 2, kernelSize: [2, 4], padding: 'same' })]],
    ['Conv2D without padding', () => [layers.conv2d({ filters: 2, kernelSize: [3, 2], useBias: false })]],
    [
      'Conv2D with holes',
      () => [layers.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: 'same' })],
    ],
    [
      'DepthwiseConv2D',
      () => [layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })],
    ],
    [
      'SeparableConv2D',
      () => [
        layers.separableConv2d({
          filters: 3,
          kernelSize: 3,
          depthMultiplier: 2,
          strides: 2,
          padding: 'same',
        }),
      ],
    ],
    ['BatchNormalization behind a convolution', () => [layers.batchNormalization()]],
    [
      'BatchNormalization behind a rectifier',
      () => [layers.reLU(), layers.batchNormalization({ scale: false })],
    ],
    [
      'BatchNormalization of a flattened image',
      () => [layers.flatten(), layers.batchNormalization({ center: false })],
    ],
    ['MaxPooling2D', () => [layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })]],
    [
      'AveragePooling2D with padding',
      () => [layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
    ],
    ['AveragePooling2D', () => [layers.averagePooling2d({ poolSize: [2, 3] })]],
    ['GlobalAveragePooling2D', () => [layers.globalAveragePooling2d({})]],
    ['GlobalMaxPooling2D', () => [layers.globalMaxPooling2d({})]],
    [
      'ZeroPadding2D',
      () => [
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
      ],
    ],
    [
      'Cropping2D',
      () => [
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 1],
          ],
        }),
      ],
    ],
    ['UpSampling2D', () => [layers.upSampling2d({ size: [2, 3] })]],
    [
      'Reshape',
      () => [layers.reshape({ targetShape: [6, 7, 4] }), layers.conv2d({ filters: 2, kernelSize: 2 })],
    ],
    ['LeakyReLU', () => [layers.leakyReLU({ alpha: 0.1 })]],
    ['ELU', () => [layers.elu({})]],
    ['ReLU with a maximum', () => [layers.reLU({ maxValue: 0.3 })]],
    ['ThresholdedReLU', () => [layers.thresholdedReLU({ theta: 0.2 })]],
    ['Softmax', () => [layers.flatten(), layers.softmax({})]],
    ['Dropout and noise', () => [layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 })]],
    ['Dense on the channels', () => [layers.dense({ units: 3 })]],
    [
      'a model within the model',
      () => [
        sequential([7, 6, 4], layers.conv2d({ filters: 2, kernelSize: 2 }), layers.batchNormalization()),
      ],
    ],
  ])('%s', async (_, parts) => {
    expect(await difference(between(...parts()))).toBeLessThan(2e-6);
  });

  it.each([
    'elu',
    'gelu',
    'hardSigmoid',
    'linear',
    'mish',
    'relu',
    'relu6',
    'selu',
    'sigmoid',
    'softmax',
    'softplus',
    'softsign',
    'swish',
    'tanh',
  ] as const)('the activation %s', async (activation) => {
    expect(await difference(between(layers.activation({ activation })))).toBeLessThan(2e-6);
  });

  it.each<[string, (a: tf.SymbolicTensor, b: tf.SymbolicTensor) => tf.SymbolicTensor]>([
    ['Add', (a, b) => layers.add().apply([a, b, a]) as tf.SymbolicTensor],
    ['Multiply', (a, b) => layers.multiply().apply([a, b]) as tf.SymbolicTensor],
    ['Average', (a, b) => layers.average().apply([a, b]) as tf.SymbolicTensor],
    ['Maximum', (a, b) => layers.maximum().apply([a, b]) as tf.SymbolicTensor],
    ['Minimum', (a, b) => layers.minimum().apply([a, b]) as tf.SymbolicTensor],
    ['Concatenate', (a, b) => layers.concatenate().apply([a, b]) as tf.SymbolicTensor],
  ])('%s, of an image that is turned and one that is not', async (_, merged) => {
    const input = tf.input({ shape: image });
    const convolved = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }).apply(input);
    let x = merged(input, convolved as tf.SymbolicTensor);
    x = layers.flatten().apply(x) as tf.SymbolicTensor;
    const flat = merged(x, layers.activation({ activation: 'tanh' }).apply(x) as tf.SymbolicTensor);
    const outputs = layers.dense({ units: 4 }).apply(flat) as tf.SymbolicTensor;
    expect(await difference(tf.model({ inputs: input, outputs }))).toBeLessThan(2e-6);
  });

  it('a layer that is used twice, and a batch-norm whose input is used elsewhere', async () => {
    const input = tf.input({ shape: [4] });
    const shared = layers.dense({ units: 4 });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const normed = layers.batchNormalization().apply(once) as tf.SymbolicTensor;
    const twice = shared.apply(normed) as tf.SymbolicTensor;
    const outputs = layers.add().apply([once, twice]) as tf.SymbolicTensor;
    expect(await difference(tf.model({ inputs: input, outputs }), { batch: 1 })).toBeLessThan(2e-6);
  });
});

describe('exportOnnx', () => {
  it('gives logits and probabilities where the network ends in a softmax', async () => {
    const network = sequential([4], layers.dense({ units: 3, activation: 'softmax' }));
    fill(network);
    const values = numbers(8);
    const { logits, probabilities } = await run(exportOnnx(await savedNetwork(network)), values, [2, 4]);
    const wanted = (network.predict(tf.tensor2d(values, [2, 4])) as tf.Tensor).dataSync();
    const ofLogits = tf.softmax(tf.tensor2d(logits!, [2, 3])).dataSync();
    wanted.forEach((p, i) => {
      expect(probabilities![i]).toBeCloseTo(p, 6);
      expect(ofLogits[i]).toBeCloseTo(p, 6);
    });
  });

  it('normalises inside', async () => {
    const network = sequential(
      image,
      layers.conv2d({ filters: 2, kernelSize: 7, padding: 'same' }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    );
    fill(network);
    const mean = numbers(126);
    const pixels = Float32Array.from({ length: 126 }, (_, i) => (i * 37) % 256);
    const deviation = mean.map((value) => 1 + value ** 2);
    const normalisation = { scale: 1 / 255, mean, deviation };
    const bytes = exportOnnx(await savedNetwork(network), { normalisation });
    const { logits } = await run(bytes, pixels, [1, ...image]);
    const normalised = pixels.map((pixel, i) => (pixel / 255 - mean[i]!) / deviation[i]!);
    const wanted = (network.predict(tf.tensor(normalised, [1, ...image])) as tf.Tensor).dataSync();
    wanted.forEach((logit, i) => expect(logits![i]).toBeCloseTo(logit, 4));
  });

  it('keeps names and texts, which are read back', async () => {
    const bytes = exportOnnx(await savedNetwork(sequential([4], layers.dense({ units: 2 }))), {
      classNames: ['cat & <dog>', 'Füchse'],
      metadata: { run_id: 'abc', empty: '' },
    });
    expect(readMetadata(bytes)).toEqual({
      class_names: '["cat & <dog>","Füchse"]',
      run_id: 'abc',
      empty: '',
    });
  });

  it('gives the same bytes for the same network', async () => {
    const network = await savedNetwork(sequential([4], layers.dense({ units: 2 })));
    expect(Buffer.compare(exportOnnx(network), exportOnnx(network))).toBe(0);
  });

  it.each<[string, () => tf.LayersModel, RegExp]>([
    [
      'a layer without counterpart',
      () => between(layers.conv2dTranspose({ filters: 2, kernelSize: 2 })),
      /^The layer conv2d_transpose_\w+ \(Conv2DTranspose\) cannot be exported to ONNX: there is no counterpart/,
    ],
    [
      'images of any size',
      () =>
        tf.sequential({
          layers: [
            layers.conv2d({ inputShape: [null, null, 3], filters: 2, kernelSize: 2 }),
            layers.globalMaxPooling2d({}),
          ],
        }),
      /no fixed shape/,
    ],
    [
      'an image as output',
      () => sequential(image, layers.conv2d({ filters: 2, kernelSize: 2 })),
      /one logit for each class/,
    ],
    [
      'channels first',
      () =>
        sequential(
          [3, 8, 8],
          layers.conv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ),
      /channels_first, not channels_last/,
    ],
  ])('refuses %s in one line', async (_, network, message) => {
    const artifacts = await savedNetwork(network());
    expect(() => exportOnnx(artifacts)).toThrow(message);
    expect(() => exportOnnx(artifacts)).toThrow(OnnxError);
  });

  it('refuses class names and a mean of another length, and what is no network', async () => {
    const network = await savedNetwork(sequential([4], layers.dense({ units: 2 })));
    expect(() => exportOnnx(network, { classNames: ['a'] })).toThrow('1 class names for 2 classes');
    const normalisation = { scale: 1, mean: new Float32Array(3) };
    expect(() => exportOnnx(network, { normalisation })).toThrow('The mean has 3 numbers, the input 4');
    expect(() => exportOnnx({})).toThrow(/no saved tfjs LayersModel/);
    expect(() => exportOnnx({ ...network, weightData: new ArrayBuffer(4) })).toThrow(/weights end before/);
  });
});

describe('readMetadata', () => {
  it('refuses what is no whole ONNX file', async () => {
    const bytes = exportOnnx(await savedNetwork(sequential([4], layers.dense({ units: 2 }))));
    for (const damaged of [
      new Uint8Array(0),
      bytes.slice(0, 40),
      new TextEncoder().encode('<!doctype html>'),
    ]) {
      expect(() => readMetadata(damaged)).toThrow(OnnxError);
    }
  });
});
