import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dump } from 'js-yaml';
import { messageOf, MlflowError } from './client/errors';

/** A named tensor of a model; -1 in the shape, as for the batch, is any size. */
export interface TensorSpec {
  name: string;
  /** NumPy's name of the type, such as `float32` or `uint8`. */
  type: string;
  shape: readonly number[];
}

export interface ModelSignature {
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
}

/** What an `MLmodel` file says, so that others can load the model. */
export interface ModelDescription {
  /** Folder of the TensorFlow SavedModel, below the model's folder. Without it and an ONNX model Python cannot load the model. */
  savedModel?: string;
  /** An ONNX model in the model's folder: Python then loads that, without TensorFlow. */
  onnx?: string;
  signature: ModelSignature;
  /** Inputs by name, nested lists: one example that the model can be tried with. */
  inputExample?: Record<string, unknown>;
  /**
   * Exact versions of what Python needs, such as `tensorflow==2.15.1`. Default, without versions: `mlflow` and `tensorflow`, or of an ONNX
   * model `mlflow`, `onnx` and `onnxruntime`.
   */
  requirements?: readonly string[];
  /** Default `3.11`. */
  pythonVersion?: string;
  /** Further flavors by name, such as `{ tfjs: { data: 'tfjs/model.json' } }`. */
  flavors?: Record<string, Record<string, unknown>>;
  /** Anything else that is worth keeping with the model. */
  metadata?: Record<string, unknown>;
}

const DEFAULT_REQUIREMENTS = {
  tensorflow: ['mlflow', 'tensorflow'],
  onnx: ['mlflow', 'onnx', 'onnxruntime'],
};
const INPUT_EXAMPLE = 'input_example.json';
const SERVING_INPUT_EXAMPLE = 'serving_input_example.json';

/**
 * Writes `MLmodel`, `requirements.txt`, `conda.yaml`, `python_env.yaml` and the input example into a folder that holds a TensorFlow
 * SavedModel and perhaps an ONNX model, so that Python's `mlflow.pyfunc.load_model` and `mlflow models serve` take it: by ONNX Runtime if
 * there is an ONNX model, else by TensorFlow. The SavedModel needs the tag `serve` and the
 * signature `serving_default`, with the inputs and outputs that `signature` names. Throws an `MlflowError` if there is none.
 */
export async function writeMlModel(folder: string, description: ModelDescription): Promise<void> {
  if (description.savedModel !== undefined) await checkSavedModel(folder, description.savedModel);
  if (description.onnx !== undefined) await checkOnnx(folder, description.onnx);
  const {
    signature,
    inputExample,
    savedModel,
    onnx,
    requirements = DEFAULT_REQUIREMENTS[onnx === undefined ? 'tensorflow' : 'onnx'],
    pythonVersion = '3.11',
  } = description;
  const environment = { conda: 'conda.yaml', virtualenv: 'python_env.yaml' };
  const mlModel = {
    flavors: {
      ...(savedModel === undefined
        ? {}
        : {
            tensorflow: {
              code: null,
              model_type: 'tf1-estimator',
              saved_model_dir: savedModel,
              meta_graph_tags: ['serve'],
              signature_def_key: 'serving_default',
            },
          }),
      ...(onnx === undefined
        ? {}
        : { onnx: { data: onnx, providers: ['CPUExecutionProvider'], code: null } }),
      ...(onnx === undefined && savedModel === undefined
        ? {}
        : {
            python_function: {
              ...(onnx === undefined
                ? { loader_module: 'mlflow.tensorflow' }
                : { loader_module: 'mlflow.onnx', data: onnx }),
              python_version: pythonVersion,
              env: environment,
            },
          }),
      ...description.flavors,
    },
    model_uuid: randomBytes(16).toString('hex'),
    utc_time_created: new Date().toISOString().replace('T', ' ').replace('Z', '000'),
    signature: { inputs: schemaText(signature.inputs), outputs: schemaText(signature.outputs), params: null },
    ...(inputExample === undefined
      ? {}
      : {
          saved_input_example_info: {
            artifact_path: INPUT_EXAMPLE,
            type: 'ndarray',
            serving_input_path: SERVING_INPUT_EXAMPLE,
          },
        }),
    ...(description.metadata === undefined ? {} : { metadata: description.metadata }),
  };
  const files: Record<string, string> = {
    MLmodel: dump(mlModel, { noRefs: true, lineWidth: -1 }),
    'requirements.txt': `${requirements.join('\n')}\n`,
    'conda.yaml': dump({
      name: 'mlflow-env',
      channels: ['conda-forge'],
      dependencies: [`python=${pythonVersion}`, 'pip', { pip: [...requirements] }],
    }),
    'python_env.yaml': dump({
      python: pythonVersion,
      build_dependencies: ['pip', 'setuptools', 'wheel'],
      dependencies: ['-r requirements.txt'],
    }),
  };
  if (inputExample !== undefined) {
    files[INPUT_EXAMPLE] = `${JSON.stringify(inputExample)}\n`;
    files[SERVING_INPUT_EXAMPLE] = `${JSON.stringify({ inputs: inputExample })}\n`;
  }
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
}

async function checkSavedModel(folder: string, savedModel: string): Promise<void> {
  const path = join(folder, savedModel);
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    throw new MlflowError(`The SavedModel ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (!names.includes('saved_model.pb'))
    throw new MlflowError(`${path} holds no TensorFlow SavedModel: saved_model.pb is missing.`);
}

async function checkOnnx(folder: string, onnx: string): Promise<void> {
  // MLflow looks for MLmodel beside the file.
  if (basename(onnx) !== onnx)
    throw new MlflowError(`The ONNX model ${onnx} has to lie in the model's folder itself.`);
  const path = join(folder, onnx);
  try {
    await access(path);
  } catch (error) {
    throw new MlflowError(`The ONNX model ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function schemaText(specs: readonly TensorSpec[]): string {
  return JSON.stringify(
    specs.map(({ name, type, shape }) => ({ name, type: 'tensor', 'tensor-spec': { dtype: type, shape } })),
  );
}
