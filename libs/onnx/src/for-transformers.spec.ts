import { fitCalibrator } from '@label-relaxation/calibration';
import * as tf from '@tensorflow/tfjs';
import { fill, numbers, run } from '../test/compare';
import { OnnxError } from './errors';
import { savedNetwork } from './network/saved-network';
import { exportOnnx } from './export-onnx';
import { forTransformers } from './for-transformers';
import { readModel } from './format/read-model';
import { writeModel } from './format/write-model';

const { layers } = tf;
const [count, height, width, classes] = [3, 5, 4, 3];
const pixels = numbers(count * 3 * height * width).map((x) => 127 * (1 + x));

async function networkOf(channels: number) {
  const network = tf.sequential();
  network.add(
    layers.conv2d({ inputShape: [height, width, channels], filters: 4, kernelSize: 3, activation: 'relu' }),
  );
  network.add(layers.maxPooling2d({ poolSize: 2 }));
  network.add(layers.flatten());
  network.add(layers.dense({ units: classes }));
  fill(network);
  return savedNetwork(network);
}

const normalisation = { scale: 1 / 255, mean: null };
const examples = {
  logits: numbers(600 * classes),
  labels: Int32Array.from({ length: 600 }, (_, i) => i % 3),
};

/** The images of `pixels` with the channels last, coloured or grey. */
function channelsLast(channels: number): Float32Array {
  const size = height * width;
  const colour = (image: number, pixel: number, channel: number) =>
    pixels[(image * 3 + channel) * size + pixel]!;
  return Float32Array.from({ length: count * size * channels }, (_, i) => {
    const [image, pixel] = [Math.floor(i / channels / size), Math.floor(i / channels) % size];
    if (channels === 3) return colour(image, pixel, i % 3);
    return [0.299, 0.587, 0.114].reduce((sum, share, k) => sum + share * colour(image, pixel, k), 0);
  });
}

function softmax(logits: Float32Array): number[] {
  return Array.from(tf.softmax(tf.tensor2d(logits, [count, classes])).dataSync());
}

it('reads what it has written', async () => {
  const calibrator = fitCalibrator('beta', examples);
  const bytes = exportOnnx(await networkOf(3), {
    normalisation,
    calibrator,
    classNames: ['a', 'b', 'ç'],
    description: 'small',
  });
  // From within a larger buffer, as files are read.
  const within = Buffer.concat([Buffer.of(1), bytes]).subarray(1);
  expect(Buffer.compare(writeModel(readModel(within)), bytes)).toBe(0);
});

it.each([
  ['coloured, without calibrator', 3, undefined],
  ['coloured, by temperature', 3, 'temperature'],
  ['grey, by isotonic regression', 1, 'isotonic'],
] as const)('%s: the softmax of its logits are the probabilities', async (_, channels, method) => {
  const calibrator = method && fitCalibrator(method, examples);
  const bytes = exportOnnx(await networkOf(channels), {
    normalisation,
    ...(calibrator ? { calibrator } : {}),
    metadata: { run_id: '17' },
  });
  const wanted = await run(bytes, channelsLast(channels), [count, height, width, channels]);
  const { bytes: turned, ...sizes } = forTransformers(bytes);
  expect(sizes).toEqual({ height, width, classes });
  expect(readModel(turned).metadata).toMatchObject({ run_id: '17' });
  const { logits } = await run(turned, pixels, [count, 3, height, width]);
  softmax(logits!).forEach((value, i) => expect(value).toBeCloseTo(wanted['probabilities']![i]!, 5));
});

it('refuses features, and images that are neither grey nor coloured, in one line', async () => {
  const network = tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 2 })] });
  const features = exportOnnx(await savedNetwork(network));
  expect(() => forTransformers(features)).toThrow(
    /^The model takes features \[n,4\]: .* grey or coloured images/,
  );
  const bytes = exportOnnx(await networkOf(2));
  expect(() => forTransformers(bytes)).toThrow(/^The model takes pixels \[n,5,4,2\]: /);
  expect(() => forTransformers(bytes.slice(0, 300))).toThrow(OnnxError);
});
