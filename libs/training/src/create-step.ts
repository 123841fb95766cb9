import { EagerStep } from './eager-step';
import type { StepOptions, TrainingStep } from './step';

export interface CreateStepOptions extends StepOptions {
  /** Run op by op instead of compiling the step. */
  readonly eager?: boolean;
}

/** Makes the training step of a network on some data. */
export async function createStep(options: CreateStepOptions): Promise<TrainingStep> {
  return new EagerStep(options);
}
