import { ClassifierError } from './errors';

/** What is used of onnxruntime-node and onnxruntime-web. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(bytes: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
}

export interface OnnxTensor {
  readonly data: unknown;
}

/** What a session says of an input or output. */
interface ValueMetadata {
  readonly name: string;
  readonly shape?: readonly (number | string)[];
}

export interface OnnxSession {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  run(
    feeds: Record<string, OnnxTensor>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** The runtime that Node programs have installed; a browser's page says which it has. */
export async function installedRuntime(): Promise<OnnxRuntime> {
  const name = 'onnxruntime-node';
  if (typeof process === 'undefined' || !process.versions?.node) {
    throw new ClassifierError(
      'In a browser, say what runs the model: loadClassifier(url, { runtime: ort }), ort from onnxruntime-web.',
    );
  }
  try {
    const module = (await import(name)) as OnnxRuntime & { default?: OnnxRuntime };
    return module.default ?? module;
  } catch {
    throw new ClassifierError(
      'onnxruntime-node is not installed: npm install onnxruntime-node, or give another runtime: loadClassifier(folder, { runtime: ort }).',
    );
  }
}
