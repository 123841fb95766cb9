export { ModelError } from './errors';
export { createModel } from './model';
export { findModelName, MODEL_NAMES, MODEL_TYPES, networkOf, parseModelName } from './names';
export { networks } from './registry';

export type { NetworkBuilder } from './layers/network-builder';
export type { ImageShape, InputShape, Model, ModelOptions, NamedVariable, Regularizer } from './model';
export type { NetworkDeclaration } from './declaration';
export type { NetworkFunction, OwnNetwork } from './own-network';
export type { ModelName } from './registry';
