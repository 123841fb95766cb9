import { RuntimeError } from '@label-relaxation/runtime';
import { CompiledStep } from './compiled-step';
import { EagerStep } from './eager-step';
import { TrainingError } from './errors';
import type { StepOptions, TrainingStep } from './step';

export interface CreateStepOptions extends StepOptions {
  /** Run op by op instead of compiling the step. */
  readonly eager?: boolean;
  /** Told when the step cannot be compiled and the eager one takes its place. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Makes the training step of a network on some data: compiled, unless `eager` is set or the network, the loss or the
 * native addon cannot be compiled.
 *
 * Throws a TrainingError where the data don't fit together or the eager step is to compute in bfloat16.
 */
export async function createStep(options: CreateStepOptions): Promise<TrainingStep> {
  const { eager = false, precision = 'float32', onWarning } = options;
  if (eager && precision !== 'float32') {
    throw new TrainingError(
      `The eager step computes in float32: precision ${precision} needs the compiled one.`,
    );
  }
  if (eager) return new EagerStep(options);
  try {
    return await CompiledStep.create(options);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    onWarning?.(`The step runs op by op in float32, which is slower: ${error.message}`);
    return new EagerStep(options);
  }
}
