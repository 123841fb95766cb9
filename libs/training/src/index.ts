export { saveWeights, withSavedWeights } from './checkpoint';
export { createStep } from './create-step';
export { TrainingError } from './errors';
export { fit } from './fit';
export { plateauNext, plateauRate, plateauStart } from './plateau';
export { scheduledRate } from './schedule';
export { decayedRate } from './sgd';

export type { CheckpointOptions } from './checkpoint';
export type { CreateStepOptions } from './create-step';
export type { BatchLog, BestModelOptions, EpochFigures, FitOptions } from './fit';
export type { BestEpoch, EpochLog, History } from './history';
export type { ExampleLoss, NamedVariable, Regularizer, TrainableNetwork } from './network';
export type { PlateauOptions, PlateauState } from './plateau';
export type { ScheduleOptions } from './schedule';
export type { SgdOptions } from './sgd';
export type {
  Augmentation,
  BatchResult,
  Evaluation,
  SavedVariable,
  StepOptions,
  StepResult,
  StepState,
  TrainingData,
  TrainingStep,
} from './step';
