export { ModelError } from './errors';
export { createModel } from './model';
export { MODEL_NAMES, MODEL_TYPES, parseModelName } from './names';

export type { ImageShape, InputShape, Model, ModelOptions, NamedVariable, Regularizer } from './model';
export type { ModelName } from './names';
