export { ModelError } from './errors';
export { findModelName, MODEL_NAMES, MODEL_TYPES, networkOf, parseModelName } from './names';
export { networks } from './registry';

export type { NetworkDeclaration } from './declaration';
export type { ModelName } from './registry';
