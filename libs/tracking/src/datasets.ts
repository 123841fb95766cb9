import { createHash } from 'node:crypto';
import type { DatasetInput } from './client/types';
import { checkDatasetInput } from './client/validation';

/** A dataset that a run reads. */
export interface Dataset {
  name: string;
  /** What tells this data from other data, at most 36 characters. Two parts of one dataset need two digests. */
  digest: string;
  /** Where the data came from: an address, a path, or words. */
  source: string;
  /** What `source` is, such as `http` or `local`. Default: `http` for an address, else `local`. */
  sourceType?: string;
  /** Shapes and types, as MLflow's tensor schema: `tensorSchema` makes one. */
  schema?: object;
  /** Figures about the data, such as the number of rows. */
  profile?: object;
}

/** Shape without the batch dimension and NumPy's name of the type, such as `uint8`. */
export interface TensorDescription {
  shape: readonly number[];
  type: string;
}

/** Bytes of class names that a schema takes; of more it has the first ones. */
const namesBytes = 100_000;

/**
 * The schema of a dataset of features and targets, as the UI shows it, with the names of the classes where they are
 * given.
 */
export function tensorSchema(
  features: TensorDescription,
  targets: TensorDescription,
  classNames?: readonly string[],
): object {
  const spec = ({ shape, type }: TensorDescription) => ({
    type: 'tensor',
    'tensor-spec': { dtype: type, shape: [-1, ...shape] },
  });
  return {
    mlflow_tensorspec: {
      features: JSON.stringify([spec(features)]),
      targets: JSON.stringify([spec(targets)]),
    },
    ...(classNames ? { class_names: fitting(classNames) } : {}),
  };
}

/** The first names that have room in a schema. */
function fitting(names: readonly string[]): readonly string[] {
  let bytes = 0;
  const end = names.findIndex((name) => (bytes += Buffer.byteLength(name) + 3) > namesBytes);
  return end < 0 ? names : names.slice(0, end);
}

/** The first 32 characters of the SHA-256 of a text or bytes: a digest that MLflow takes. */
export function shortDigest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** The dataset as the server takes it; throws an `MlflowError` that names what it would refuse. */
export function datasetInput(dataset: Dataset, context?: string): DatasetInput {
  const isAddress = /^https?:\/\//.test(dataset.source);
  const input: DatasetInput = {
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      source_type: dataset.sourceType ?? (isAddress ? 'http' : 'local'),
      source: JSON.stringify(isAddress ? { url: dataset.source } : { uri: dataset.source }),
      ...(dataset.schema === undefined ? {} : { schema: JSON.stringify(dataset.schema) }),
      ...(dataset.profile === undefined ? {} : { profile: JSON.stringify(dataset.profile) }),
    },
    tags: context === undefined ? [] : [{ key: 'mlflow.data.context', value: context }],
  };
  checkDatasetInput(input);
  return input;
}
