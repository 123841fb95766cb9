import type { Model } from '@label-relaxation/models';
import { join } from 'node:path';
import { exportSavedModel, tf } from '@label-relaxation/runtime';
import type { ModelDescription } from '@label-relaxation/tracking';

const tfjsFolder = 'tfjs';
const savedModelFolder = 'saved_model';
const normalisation = 'normalisation';

/** Where the tfjs LayersModel is in a model's folder. */
export const layersModelFile = `${tfjsFolder}/model.json`;

/**
 * Writes a trained network into a folder, twice: as a tfjs LayersModel and as a TensorFlow SavedModel, both from pixels
 * of 0 to 255 to logits. Gives what the `MLmodel` file is to say of it.
 */
export async function writeModel(
  folder: string,
  model: Model,
  { mean, temperature }: { mean: Float32Array | null; temperature: number | null },
): Promise<ModelDescription> {
  const network = exportableNetwork(model, mean);
  try {
    await network.save(`file://${join(folder, tfjsFolder)}`);
    await exportSavedModel(join(folder, savedModelFolder), (pixels) => network.apply(pixels) as tf.Tensor, {
      inputName: 'pixels',
      inputShape: model.inputShape,
      outputName: 'logits',
      variables: network.weights.map((weight) => weight.read() as tf.Variable),
    });
  } finally {
    network.getLayer(normalisation).dispose();
  }
  const image = tf.tidy(() => tf.zeros([1, ...model.inputShape]).arraySync());
  return {
    savedModel: savedModelFolder,
    signature: {
      inputs: [{ name: 'pixels', type: 'float32', shape: [-1, ...model.inputShape] }],
      outputs: [{ name: 'logits', type: 'float32', shape: [-1, model.classes] }],
    },
    inputExample: { pixels: image },
    requirements: ['mlflow==3.17.2', 'tensorflow==2.21.0'],
    flavors: { tfjs: { data: layersModelFile } },
    metadata: { temperature },
  };
}

/**
 * A trained network with its normalisation in front, made of standard layers alone, so that plain tfjs loads it: it
 * takes pixels of 0 to 255, [n, height, width, channels], and gives logits [n, classes].
 *
 * The normalisation, pixels / 255 - mean, is an inference batch-norm over the flattened image. It shares the
 * network's variables: dispose its normalisation alone.
 */
function exportableNetwork(model: Model, mean: Float32Array | null): tf.LayersModel {
  const shape = [...model.inputShape];
  const size = shape.reduce((product, side) => product * side, 1);
  const pixels = tf.input({ shape, name: 'pixels' });
  const normalise = tf.layers.batchNormalization({ name: normalisation, center: false, epsilon: 1e-12 });
  let images = tf.layers.flatten({ name: 'flat_pixels' }).apply(pixels) as tf.SymbolicTensor;
  images = normalise.apply(images) as tf.SymbolicTensor;
  images = tf.layers.reshape({ name: 'images', targetShape: shape }).apply(images) as tf.SymbolicTensor;
  const logits = model.network.apply(images) as tf.SymbolicTensor;
  tf.tidy(() => {
    const scaledMean = mean ? tf.tensor1d(mean).mul(255) : tf.zeros([size]);
    normalise.setWeights([tf.fill([size], 1 / 255), scaledMean, tf.ones([size])]);
  });
  return tf.model({ inputs: pixels, outputs: logits, name: `${model.name}_from_pixels` });
}
