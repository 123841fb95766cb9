export { OnnxError } from './errors';
export { exportOnnx } from './export-onnx';
export { forTransformers } from './for-transformers';
export { metadataKeys } from './format/metadata-keys';
export { readMetadata } from './format/read-metadata';
export { savedNetwork } from './network/saved-network';

export type { ExportOptions, Normalisation } from './export-onnx';
export type { TransformersModel } from './for-transformers';
export type { SavedNetwork } from './network/network';
export type { SavableNetwork } from './network/saved-network';
export type { WeightSpec } from './network/weights';
