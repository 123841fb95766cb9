export { RuntimeError } from './errors';
export { op } from './op';
export { currentStepSeed, withRandomStep } from './random-step';
export { tf } from './tensorflow';

export type { OpAttribute } from './op';
