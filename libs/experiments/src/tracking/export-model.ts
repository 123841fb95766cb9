import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Model } from '@label-relaxation/models';
import { exportOnnx, type ExportOptions, OnnxError, savedNetwork } from '@label-relaxation/onnx';
import { exportSavedModel, RuntimeError, tf } from '@label-relaxation/runtime';
import type { ModelDescription } from '@label-relaxation/tracking';
import type { Normalisation } from '../run/normalisation';
import { layersModelFile, modelName, onnxFile, savedModelFolder, tfjsFolder } from './artifact-names';

const normalisationName = 'normalisation';

/** The tfjs LayersModel that a run logged, as a file here; its other forms are not fetched. */
export async function fetchLayersModel(fetch: (path: string) => Promise<string>): Promise<string> {
  return join(await fetch(`${modelName}/${tfjsFolder}`), basename(layersModelFile));
}

/** What goes with a network into its folder. */
export interface ModelSurroundings extends Omit<ExportOptions, 'normalisation'> {
  readonly normalisation: Normalisation;
  readonly temperature: number | null;
  readonly classNames: readonly string[];
  /** Told which form a network of the user's own cannot be given. */
  readonly onWarning: (message: string) => void;
}

/**
 * Writes a trained network into a folder, three times: as a tfjs LayersModel and as a TensorFlow SavedModel, both from
 * what the data has (pixels of 0 to 255, or features) to logits, and as an ONNX model that gives calibrated
 * probabilities, too. A form that a network has no counterpart in is left out, with a warning.
 * Gives what the `MLmodel` file is to say of it.
 */
export async function writeModel(
  folder: string,
  model: Model,
  { temperature, onWarning, ...surroundings }: ModelSurroundings,
): Promise<ModelDescription> {
  const { normalisation, classNames } = surroundings;
  const hasOnnx = await orTell(onWarning, 'its ONNX form', async () => {
    await writeFile(join(folder, onnxFile), exportOnnx(await savedNetwork(model.network), surroundings));
  });
  const inputName = inputNameOf(model);
  const network = exportableNetwork(model, normalisation);
  let hasSavedModel: boolean;
  try {
    await network.save(`file://${join(folder, tfjsFolder)}`);
    hasSavedModel = await orTell(onWarning, 'a SavedModel', () =>
      exportSavedModel(join(folder, savedModelFolder), (inputs) => network.apply(inputs) as tf.Tensor, {
        inputName,
        inputShape: model.inputShape,
        outputName: 'logits',
        variables: network.weights.map((weight) => weight.read() as tf.Variable),
      }),
    );
  } finally {
    network.getLayer(normalisationName).dispose();
    // Takes the use as a layer back: the model's own stays.
    model.network.dispose();
  }
  const example = tf.tidy(() => tf.zeros([1, ...model.inputShape]).arraySync());
  return {
    ...(hasSavedModel ? { savedModel: savedModelFolder } : {}),
    ...(hasOnnx ? { onnx: onnxFile } : {}),
    signature: {
      inputs: [{ name: inputName, type: 'float32', shape: [-1, ...model.inputShape] }],
      outputs: ['logits', ...(hasOnnx ? ['probabilities'] : [])].map((name) => ({
        name,
        type: 'float32',
        shape: [-1, model.classes],
      })),
    },
    inputExample: { [inputName]: example },
    requirements: [
      'mlflow==3.17.2',
      ...(hasOnnx ? ['onnx>=1.17', 'onnxruntime>=1.19'] : ['tensorflow>=2.15']),
    ],
    flavors: { tfjs: { data: layersModelFile } },
    metadata: { temperature, class_names: classNames },
  };
}

/** Whether a weight of a model that `writeModel` wrote is of the layer in front of the network. */
export function isNormalisation(weight: string): boolean {
  return weight.startsWith(`${normalisationName}/`);
}

/** Whether a network has a form; where its layers have none, as those of the user's own may not, that is told. */
async function orTell(
  onWarning: ModelSurroundings['onWarning'],
  form: string,
  write: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof OnnxError || error instanceof RuntimeError)) throw error;
    onWarning(`the model is logged without ${form}: ${error.message}`);
    return false;
  }
}

function inputNameOf({ inputShape }: Model): string {
  return inputShape.length === 3 ? 'pixels' : 'features';
}

/**
 * A trained network with its normalisation in front, made of standard layers alone, so that plain tfjs loads it: it
 * takes what the data has, [n, ...shape], and gives logits [n, classes].
 *
 * The normalisation, (inputs * scale - mean) / deviation, is an inference batch-norm over the flattened inputs. It
 * shares the network's variables: dispose its normalisation alone, and the network as a layer of it.
 */
function exportableNetwork(model: Model, { scale, mean, deviation }: Normalisation): tf.LayersModel {
  const shape = [...model.inputShape];
  const size = shape.reduce((product, side) => product * side, 1);
  const name = inputNameOf(model);
  const inputs = tf.input({ shape, name });
  const normalise = tf.layers.batchNormalization({ name: normalisationName, center: false, epsilon: 1e-12 });
  const isFlat = shape.length === 1;
  const flat = isFlat ? inputs : tf.layers.flatten({ name: `flat_${name}` }).apply(inputs);
  const normalised = normalise.apply(flat as tf.SymbolicTensor) as tf.SymbolicTensor;
  const shaped = isFlat
    ? normalised
    : tf.layers.reshape({ name: 'images', targetShape: shape }).apply(normalised);
  const logits = model.network.apply(shaped as tf.SymbolicTensor) as tf.SymbolicTensor;
  tf.tidy(() => {
    const factor = deviation ? tf.div(scale, tf.tensor1d(deviation)) : tf.fill([size], scale);
    const centre = mean ? tf.tensor1d(mean).mul(1 / scale) : tf.zeros([size]);
    normalise.setWeights([factor, centre, tf.ones([size])]);
  });
  return tf.model({ inputs, outputs: logits, name: `${model.name}_from_${name}` });
}
