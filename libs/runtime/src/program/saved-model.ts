import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataType } from '../binding';
import { RuntimeError } from '../errors';
import { tf } from '../tensorflow';
import { savedModelParts } from '../lower/graph-def';
import { GraphBuilder } from '../lower/graph-builder';
import { lower } from '../lower/lower';
import { type Graph, shapeOf } from '../graph/graph';
import { constant } from '../graph/ops';
import { rewrite } from '../graph/rewrite';
import { optimise } from '../passes/pipeline';
import { trace } from '../trace/trace';
import { writeParts } from './session';
import { variableType } from './variables';

export interface SavedModelOptions {
  /** Name of the signature's input. */
  readonly inputName: string;
  /** Shape of one example, without the batch. */
  readonly inputShape: readonly number[];
  /** Name of the signature's output. */
  readonly outputName: string;
  /** The variables that the function reads; their values become constants. */
  readonly variables: readonly tf.Variable[];
}

/**
 * Writes a function of one float32 input as a TensorFlow SavedModel for any batch size, with the signature
 * `serving_default`, so that Python's `tf.saved_model.load`, MLflow and TensorFlow Serving can run it.
 *
 * @param folder made if need be; a model that is there already is replaced
 * @param fn synchronous tfjs code, in inference mode: a RuntimeError is thrown where it changes a variable
 */
export async function exportSavedModel(
  folder: string,
  fn: (input: tf.Tensor) => tf.Tensor,
  { inputName, inputShape, outputName, variables }: SavedModelOptions,
): Promise<void> {
  const shape = ['batch', ...inputShape] as const;
  const entry = {
    inputs: { [inputName]: { dtype: 'float32', shape } },
    fn: (inputs: Record<string, tf.Tensor>) => ({ [outputName]: fn(inputs[inputName]!) }),
  } as const;
  const traced = trace(entry, { variables });
  if (traced.updates.length > 0) {
    throw new RuntimeError('The function to export changes variables: export it in inference mode.');
  }
  const target = { machine: null, precision: 'float32' } as const;
  const { functions } = optimise([{ name: 'export', target, graph: frozen(traced, variables) }]);
  const { graph } = functions[0]!;

  const builder = new GraphBuilder();
  const openShape = [-1, ...inputShape];
  const input = builder.add(inputName, 'Placeholder', [], {
    dtype: { type: DataType.float32 },
    shape: { shape: openShape },
  });
  const batchSize = builder.addSize('batch_size', input, DataType.float32, 0);
  const inputs = { [inputName]: input };
  const outputs = lower(graph, { builder, prefix: 'model', inputs, handles: [], batchSize });
  const outputShape = shapeOf(graph.outputs[outputName]!);
  const parts = savedModelParts(builder.nodes, {
    inputs: { [inputName]: { tensor: `${input}:0`, dtype: DataType.float32, shape: openShape } },
    outputs: {
      [outputName]: {
        tensor: `${outputs[outputName]!}:0`,
        dtype: DataType.float32,
        shape: outputShape.map((size) => (typeof size === 'number' ? size : -1)),
      },
    },
  });
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'saved_model.pb');
  try {
    await writeParts(`${file}.partial`, parts);
    await rename(`${file}.partial`, file);
  } catch (error) {
    await rm(`${file}.partial`, { force: true });
    throw new RuntimeError(`The model cannot be written into ${folder}: ${(error as Error).message}`);
  }
}

/** A graph with the values of the variables in their place. */
function frozen(graph: Graph, variables: readonly tf.Variable[]): Graph {
  return rewrite(graph, (node) => {
    if (node.kind !== 'read') return null;
    const variable = variables[node.variable]!;
    return constant(variableType(variable).dtype, variable.shape, variable.dataSync());
  });
}

/** A SavedModel that is loaded for inference. */
export interface LoadedModel {
  /**
   * @param input float32 [n, ...example]
   * @returns the signature's output, [n, ...]
   */
  predict(input: tf.Tensor): tf.Tensor;
  dispose(): void;
}

/** Loads a SavedModel with one input and one output. Throws a RuntimeError where there is none. */
export async function loadSavedModel(folder: string): Promise<LoadedModel> {
  let model: Awaited<ReturnType<typeof tf.node.loadSavedModel>>;
  try {
    model = await tf.node.loadSavedModel(folder);
  } catch (error) {
    throw new RuntimeError(
      `There is no TensorFlow SavedModel to load in ${folder}: ${(error as Error).message}`,
    );
  }
  return {
    predict: (input) => model.predict(input) as tf.Tensor,
    dispose: () => model.dispose(),
  };
}
