export { ModelError } from './errors';
export { createModel } from './model';
export { MODEL_NAMES, MODEL_TYPES, parseModelName } from './names';

export type { NetworkBuilder } from './layers/network-builder';
export type {
  ImageShape,
  InputShape,
  Model,
  ModelOptions,
  NamedVariable,
  NetworkFunction,
  OwnNetwork,
  Regularizer,
} from './model';
export type { ModelName } from './names';
