export { applyKerasMomentum } from './apply-keras-momentum';
export { RuntimeError } from './errors';
export { batchNorm } from './kernels/batch-norm';
export { biasAdd } from './kernels/bias-add';
export { conv2d } from './kernels/conv2d';
export { dropout } from './kernels/dropout';
export { matMul } from './kernels/mat-mul';
export { statelessTruncatedNormal, statelessUniform } from './kernels/random';
export { relu } from './kernels/relu';
export { op } from './op';
export { hasBfloat16Kernels } from './processor';
export { compile } from './program/program';
export { exportSavedModel, loadSavedModel } from './program/saved-model';
export { currentStepSeed, withRandomStep } from './random-step';
export { tf } from './tensorflow';
export { timePrecisions } from './time-precisions';

export type { MomentumUpdate } from './apply-keras-momentum';
export type { BatchNormOptions, BatchNormVariables } from './kernels/batch-norm';
export type { Conv2dOptions } from './kernels/conv2d';
export type { OpAttribute } from './op';
export type {
  EntryPoint,
  FedInput,
  Program,
  ProgramOptions,
  Table,
  TableInput,
  Values,
} from './program/program';
export type { LoadedModel, SavedModelOptions } from './program/saved-model';
export type { Precision } from './program/recording-graph';
export type { PrecisionTimes } from './time-precisions';
