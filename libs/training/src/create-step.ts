import { hasBfloat16Kernels, RuntimeError, SettingError } from '@label-relaxation/runtime';
import { CompiledStep } from './compiled-step';
import { EagerStep } from './eager-step';
import { TrainingError } from './errors';
import type { StepOptions, TrainingStep } from './step';

export interface CreateStepOptions extends StepOptions {
  /** Run op by op instead of compiling the step. */
  readonly eager?: boolean;
  /**
   * Told when the step cannot be compiled and the eager one takes its place, and when bfloat16 only rounds, since the
   * processor lacks it.
   */
  readonly onWarning?: (message: string) => void;
}

/**
 * Makes the training step of a network on some data: compiled, unless `eager` is set or the network, the loss or the
 * native addon cannot be compiled.
 *
 * Throws a TrainingError where the data don't fit together or the eager step is to compute in bfloat16, a SettingError
 * where LABEL_RELAXATION_PASSES_OFF names no pass.
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
    const step = await CompiledStep.create(options);
    if (precision === 'bfloat16' && !hasBfloat16Kernels()) {
      onWarning?.(
        'This processor does not compute in bfloat16 (x86 needs AVX-512): float32 kernels take numbers rounded to ' +
          'bfloat16, which gives the same results but no speed.',
      );
    }
    return step;
  } catch (error) {
    if (!(error instanceof RuntimeError) || error instanceof SettingError) throw error;
    onWarning?.(`The step runs op by op in float32, which is slower: ${error.message}`);
    return new EagerStep(options);
  }
}
