import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isPath } from '@label-relaxation/data';
import type { Model } from '@label-relaxation/models';
import { tf } from '@label-relaxation/runtime';
import { MlflowClient } from '@label-relaxation/tracking';
import { MissingInput, UsageError } from '../errors';
import type { Parameters } from '../parameters/parameters';
import { layersModelFile, modelName } from '../tracking/artifact-names';
import { fetchLayersModel, isNormalisation } from '../tracking/export-model';
import type { PerformRunOptions } from './options';

type InitParameters = Pick<Parameters, 'init_from' | 'tracking_uri' | 'offline'>;

/**
 * Gives a network the weights of a tracked run's model, or of a tfjs model that was saved in a folder. Of another
 * number of classes, it keeps its own last layer, and that is told.
 *
 * @throws UsageError in one line where the model is of another network; MissingInput where there is none
 */
export async function initFrom(
  model: Model,
  parameters: InitParameters,
  options: Pick<PerformRunOptions, 'signal' | 'onEvent'> = {},
): Promise<void> {
  const { init_from: from } = parameters;
  if (from === null) return;
  if (isPath(from)) return copyWeights(savedModelIn(from), model, from, options);
  if (parameters.offline) {
    throw new UsageError(
      `--init_from ${from} is a run of the server, and --offline asks none: give the path of a saved model`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'label-relaxation-init-'));
  try {
    const client = new MlflowClient(
      parameters.tracking_uri === null ? {} : { trackingUri: parameters.tracking_uri },
    );
    const { signal } = options;
    const file = await fetchLayersModel((path) =>
      client.downloadArtifacts(from, path, folder, signal ? { signal } : {}),
    );
    await copyWeights(file, model, from, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function savedModelIn(path: string): string {
  const places = ['.', 'model.json', layersModelFile, join(modelName, layersModelFile)];
  const found = places
    .map((place) => resolve(path, place))
    .find((file) => /\.json$/u.test(file) && existsSync(file));
  if (found !== undefined) return found;
  throw new MissingInput(`--init_from ${path}: there is no saved tfjs model, a model.json with its weights`);
}

async function copyWeights(
  file: string,
  { network, name, classes }: Model,
  from: string,
  { onEvent }: Pick<PerformRunOptions, 'onEvent'>,
): Promise<void> {
  const refuse = (reason: string): never => {
    throw new UsageError(`--init_from ${from}: ${reason}`);
  };
  const source = await savedWeights(file).catch((error: unknown) =>
    refuse(`the model cannot be loaded: ${loadingFault(error as Error)}`),
  );
  try {
    const { weights, outputs } = network;
    if (source.length !== weights.length) {
      refuse(`is of another network: it has ${source.length} weights, ${name} has ${weights.length}`);
    }
    const last = new Set(outputs[0]!.sourceLayer.weights.map(({ id }) => id));
    const fitting = weights.map((weight, i) => weight.shape.join() === source[i]!.values.shape.join());
    const stranger = weights.findIndex(({ id }, i) => !fitting[i] && !last.has(id));
    if (stranger >= 0) {
      const [there, here] = [source[stranger]!, weights[stranger]!];
      refuse(
        `is of another network or other inputs: its weight ${there.name} is [${there.values.shape}], ` +
          `where ${name} has ${here.originalName} of [${here.shape}]`,
      );
    }
    const isNew = fitting.includes(false);
    weights.forEach((weight, i) => {
      if (!(isNew && last.has(weight.id))) (weight.read() as tf.Variable).assign(source[i]!.values);
    });
    if (isNew) {
      const before = source[weights.findIndex(({ id }) => last.has(id))]!.values.shape.at(-1);
      const message = `--init_from ${from}: the last layer is new, for ${classes} classes in place of ${before}`;
      onEvent?.({ type: 'warning', message });
    }
  } finally {
    tf.dispose(source.map(({ values }) => values));
  }
}

/** A weight of a saved model. */
interface SavedWeight {
  readonly name: string;
  readonly values: tf.Tensor;
}

/**
 * The weights of a saved tfjs layers model in the order in which its network has them, what is trained before moving averages. They
 * are read by what the file says of each, and no network is built from it, which would take as much memory as a damaged file says.
 */
async function savedWeights(file: string): Promise<SavedWeight[]> {
  const { format, weightSpecs = [], weightData } = await tf.io.getLoadHandlers(`file://${file}`)[0]!.load!();
  if (format === 'graph-model' || weightData === undefined) throw new TypeError('no layers model');
  const bytes = weightSpecs.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 4), 0);
  const isPlain = weightSpecs.every(({ quantization, dtype }) => !quantization && dtype === 'float32');
  const given = tf.io.CompositeArrayBuffer.join(weightData);
  if (isPlain && bytes !== given.byteLength) {
    throw new Error(`its weights are ${given.byteLength} bytes, and ${bytes} are named`);
  }
  const weights = tf.io.decodeWeights(given, weightSpecs);
  const saved: SavedWeight[] = [];
  for (const { name } of weightSpecs) {
    if (isNormalisation(name)) weights[name]!.dispose();
    else saved.push({ name, values: weights[name]! });
  }
  const moves = ({ name }: SavedWeight) => /\/moving_(mean|variance)$/u.test(name);
  return [...saved.filter((weight) => !moves(weight)), ...saved.filter(moves)];
}

/** What is said of a file that cannot be read: tfjs's own words where it looks for the fault, and does not fall over it. */
function loadingFault({ name, message }: Error): string {
  return name === 'Error' ? message.split('\n')[0]! : 'it is damaged, or no layers model: save it again';
}
