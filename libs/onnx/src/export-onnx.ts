import { type Calibrator, type ConformalPredictor, logitWeights } from '@label-relaxation/calibration';
import { addCalibrator } from './calibrator/add-calibrator';
import { foldLogitWeights } from './calibrator/fold-logit-weights';
import { OnnxError } from './errors';
import type { OnnxNode } from './format/onnx-model';
import { metadataKeys } from './format/metadata-keys';
import { writeModel } from './format/write-model';
import { Graph, type Value } from './graph/graph';
import { tfjsOrder } from './graph/order';
import { convertLayer } from './layers/layers';
import { foldBatchNorms } from './network/fold-batch-norm';
import { type Network, readNetwork, type SavedNetwork } from './network/network';
import { withoutSoftmax } from './network/without-softmax';

/** What is done to the input before the network sees it: (input * scale - mean) / deviation. */
export interface Normalisation {
  readonly scale: number;
  /** Of the input's shape, in its order; null where nothing is subtracted. */
  readonly mean: Float32Array | null;
  /** Likewise; nothing is divided where it is null or not given. */
  readonly deviation?: Float32Array | null;
}

export interface ExportOptions {
  readonly normalisation?: Normalisation;
  /**
   * What calibrates the probabilities. One that is affine in the logits (temperature, vector and matrix scaling) goes into
   * the last dense layer, so that `logits` are calibrated, too; all others are nodes between logits and probabilities.
   */
  readonly calibrator?: Calibrator;
  /** Kept in the file's metadata, for programs that make prediction sets. */
  readonly conformal?: ConformalPredictor;
  /** Names of the classes, in their order; kept in the file's metadata. */
  readonly classNames?: readonly string[];
  /** Further texts for the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the model is, in a sentence. */
  readonly description?: string;
}

/** Name of the model's input: images, or vectors of features. */
const inputName = (shape: readonly number[]): string => (shape.length === 3 ? 'pixels' : 'features');

/**
 * Writes a tfjs network as an ONNX model (opset 17).
 *
 * It takes float32 `pixels` [n, height, width, channels] (or `features` [n, d]) as they come and gives `logits` and
 * `probabilities`, both [n, classes]. The normalisation is inside; a softmax at the network's end is taken off for the
 * logits; batch-norms are folded into the convolution or dense layer in front of them where there is nothing between.
 *
 * @param network what `savedNetwork` gives, from the normalised input to logits
 * @throws OnnxError that names a layer without counterpart, or what else doesn't fit
 */
export function exportOnnx(network: SavedNetwork, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  try {
    return exportNetwork(network, options);
  } catch (error) {
    if (error instanceof OnnxError) throw error;
    throw new OnnxError('The saved network is damaged: save it again.', { cause: error });
  }
}

function exportNetwork(network: SavedNetwork, options: ExportOptions): Uint8Array<ArrayBuffer> {
  const { normalisation, calibrator, description = '' } = options;
  const read = foldBatchNorms(withoutSoftmax(readNetwork(network)));
  const map = calibrator === undefined ? null : logitWeights(calibrator);
  const calibrated = map && foldLogitWeights(read, map);
  const { shape } = read.input;
  const graph = new Graph();
  const input = { name: inputName(shape), shape, channelsFirst: null };
  for (const name of [input.name, 'logits', 'probabilities']) graph.reserve(name);
  const fed = normalisation ? normalised(graph, input, normalisation) : input;
  const value = addNetwork(graph, calibrated ?? read, fed);
  const classes = classesOf(value, options);
  const logits = named(graph, 'logits', 'Identity', value.name);
  if (calibrator === undefined || calibrated)
    named(graph, 'probabilities', 'Softmax', logits, { axis: { int: -1 } });
  else named(graph, 'probabilities', 'Identity', addCalibrator(graph, logits, calibrator));
  return writeModel({
    name: read.name,
    description,
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: [{ name: input.name, dims: ['n', ...shape] }],
    outputs: ['logits', 'probabilities'].map((name) => ({ name, dims: ['n', classes] })),
    metadata: metadataOf(options),
  });
}

function metadataOf({ classNames, calibrator, conformal, metadata }: ExportOptions): Record<string, string> {
  const json = (key: string, value: unknown) => (value === undefined ? {} : { [key]: JSON.stringify(value) });
  return {
    ...json(metadataKeys.classNames, classNames),
    ...json(metadataKeys.calibrator, calibrator),
    ...json(metadataKeys.conformal, conformal),
    ...metadata,
  };
}

/** Checks that the network gives a logit for each class of the class names and of the calibrator. */
function classesOf({ shape }: Value, { classNames, calibrator }: ExportOptions): number {
  if (shape.length !== 1) {
    throw new OnnxError(`The network gives [n, ${shape}]: end it with one logit for each class.`);
  }
  const classes = shape[0]!;
  if (classNames !== undefined && classNames.length !== classes) {
    throw new OnnxError(
      `There are ${classNames.length} class names for ${classes} classes: give one for each class.`,
    );
  }
  if (calibrator !== undefined && calibrator.classes !== classes) {
    throw new OnnxError(
      `The calibrator is for ${calibrator.classes} classes, the network has ${classes}: fit one on this network's logits.`,
    );
  }
  return classes;
}

/** Adds a node that gives an output of the model. */
function named(
  graph: Graph,
  name: string,
  op: string,
  input: string,
  attributes: OnnxNode['attributes'] = {},
): string {
  graph.nodes.push({ name, op, inputs: [input], outputs: [name], attributes });
  return name;
}

function normalised(graph: Graph, input: Value, { scale, mean, deviation }: Normalisation): Value {
  const size = input.shape.reduce((product, side) => product * side, 1);
  let name = input.name;
  const apply = (suffix: string, op: string, constant: string): void => {
    name = graph.add(`normalised/${suffix}`, op, [name, constant]);
  };
  if (scale !== 1) apply('scaled', 'Mul', graph.scalar('normalised/scale', scale));
  for (const [what, values, suffix, op] of [
    ['mean', mean, 'centred', 'Sub'],
    ['deviation', deviation ?? null, 'divided', 'Div'],
  ] as const) {
    if (values === null) continue;
    if (values.length !== size) {
      throw new OnnxError(`The ${what} has ${values.length} numbers, the input ${size}: give one for each.`);
    }
    apply(suffix, op, graph.constant(`normalised/${what}`, input.shape, values));
  }
  return { ...input, name };
}

function addNetwork(graph: Graph, { input, applications, output }: Network, fed: Value): Value {
  const values = new Map([[input.name, fed]]);
  for (const application of applications) {
    const inputs = application.inputs.map((name) => values.get(name)!);
    values.set(application.output, convertLayer(application, inputs, graph));
  }
  return tfjsOrder(graph, values.get(output)!);
}
