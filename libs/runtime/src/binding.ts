import { tf } from './tensorflow';

/** Attribute of a TensorFlow op as tfjs-node's native addon takes it. */
export interface BindingAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** What the addon tells of a tensor that it made. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The part of tfjs-node's native addon that this library calls. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: tf.TypedArray | Uint8Array[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    name: string,
    attributes: BindingAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[];
  isUsingGpuDevice(): boolean;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** What tfjs-node's backend keeps of a tensor: its native id, or JS values that are not yet handed over. */
export interface TensorInfo {
  id: number;
  shape: number[];
  dtype: number;
  values: tf.TypedArray | Uint8Array[] | null;
}

/** The part of tfjs-node's backend that this library calls. */
export interface NodeBackend {
  binding: Binding;
  tensorMap: { get(dataId: object): TensorInfo };
  getInputTensorIds(tensors: tf.Tensor[]): number[];
  write(values: tf.TypedArray | Uint8Array[] | null, shape: number[], dtype: string): object;
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/** The tfjs-node backend in use. */
export function nodeBackend(): NodeBackend {
  return tf.backend() as unknown as NodeBackend;
}

/** Numbers of TensorFlow's data types (`DataType` in types.proto). */
export const DataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;

export type DataTypeName = keyof typeof DataType;
