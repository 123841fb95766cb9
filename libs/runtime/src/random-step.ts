import type { tf } from './tensorflow';
import { RuntimeError } from './errors';

let current: tf.Tensor1D | null = null;

/**
 * Runs `fn` as one training step whose random numbers are a function of `stepSeed`.
 *
 * Kernels that draw random numbers (dropout, augmentation) take their seeds from here and mix in their own layer's
 * number, so that a resumed run draws what it would have drawn and a compiled step draws what an eager one draws.
 *
 * @param stepSeed int32 tensor of shape [2]: the run's seed and the number of the step
 */
export function withRandomStep<T>(stepSeed: tf.Tensor1D, fn: () => T): T {
  const outer = current;
  current = stepSeed;
  try {
    return fn();
  } finally {
    current = outer;
  }
}

/** The seed pair given to the `withRandomStep` around this call; throws a RuntimeError outside of one. */
export function currentStepSeed(): tf.Tensor1D {
  if (current === null) {
    throw new RuntimeError(
      'Random numbers are drawn outside of a step: call the layer inside withRandomStep(seed, fn).',
    );
  }
  return current;
}
