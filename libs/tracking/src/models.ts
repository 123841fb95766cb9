import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Folder of the TensorFlow SavedModel, below the model's folder. */
  savedModel: string;
  signature: ModelSignature;
  /** Inputs by name, nested lists: one example that the model can be tried with. */
  inputExample?: Record<string, unknown>;
  /** Exact versions of what Python needs, such as `tensorflow==2.15.1`. Default: `mlflow` and `tensorflow` without a version. */
  requirements?: readonly string[];
  /** Default `3.11`. */
  pythonVersion?: string;
  /** Further flavors by name, such as `{ tfjs: { data: 'tfjs/model.json' } }`. */
  flavors?: Record<string, Record<string, unknown>>;
  /** Anything else that is worth keeping with the model. */
  metadata?: Record<string, unknown>;
}

const DEFAULT_REQUIREMENTS = ['mlflow', 'tensorflow'];
const INPUT_EXAMPLE = 'input_example.json';
const SERVING_INPUT_EXAMPLE = 'serving_input_example.json';

/**
 * Writes `MLmodel`, `requirements.txt`, `conda.yaml`, `python_env.yaml` and the input example into a folder that holds a TensorFlow
 * SavedModel, so that Python's `mlflow.pyfunc.load_model` and `mlflow models serve` take it. The SavedModel needs the tag `serve` and the
 * signature `serving_default`, with the inputs and outputs that `signature` names. Throws an `MlflowError` if there is none.
 */
export async function writeMlModel(folder: string, description: ModelDescription): Promise<void> {
  await checkSavedModel(folder, description.savedModel);
  const {
    signature,
    inputExample,
    requirements = DEFAULT_REQUIREMENTS,
    pythonVersion = '3.11',
  } = description;
  const environment = { conda: 'conda.yaml', virtualenv: 'python_env.yaml' };
  const mlModel = {
    flavors: {
      tensorflow: {
        code: null,
        model_type: 'tf1-estimator',
        saved_model_dir: description.savedModel,
        meta_graph_tags: ['serve'],
        signature_def_key: 'serving_default',
      },
      python_function: {
        loader_module: 'mlflow.tensorflow',
        python_version: pythonVersion,
        env: environment,
      },
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

function schemaText(specs: readonly TensorSpec[]): string {
  return JSON.stringify(
    specs.map(({ name, type, shape }) => ({ name, type: 'tensor', 'tensor-spec': { dtype: type, shape } })),
  );
}
