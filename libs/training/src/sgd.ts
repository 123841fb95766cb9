import { applyKerasMomentum, tf } from '@label-relaxation/runtime';

/** Stochastic gradient descent as in Keras's legacy SGD. */
export interface SgdOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Decay of the learning rate per iteration: lr / (1 + decay * iteration). */
  readonly decay: number;
  /** Gradients, with their L2 terms, are clipped to [-clipValue, clipValue]; 0 clips nothing. */
  readonly clipValue: number;
}

/** The learning rate of an iteration (from 0), as Keras's legacy optimisers decay it. */
export function decayedRate(learningRate: number, decay: number, iteration: number): number {
  return learningRate / (1 + decay * iteration);
}

/**
 * Updates one variable and its velocity in place. Clipping comes after the L2 term, as in Keras, where the penalty is
 * part of the loss.
 *
 * @param gradient of the loss without the L2 penalty
 * @param l2 factor of the variable's penalty l2 * sum(w^2)
 */
export function sgdUpdate(
  variable: tf.Variable,
  velocity: tf.Variable,
  gradient: tf.Tensor,
  l2: number,
  learningRate: tf.Scalar,
  { momentum, nesterov, clipValue }: SgdOptions,
): void {
  tf.tidy(() => {
    const penalised = l2 > 0 ? gradient.add(variable.mul(2 * l2)) : gradient;
    const clipped = clipValue > 0 ? penalised.clipByValue(-clipValue, clipValue) : penalised;
    applyKerasMomentum({ variable, velocity, gradient: clipped, learningRate, momentum, nesterov });
  });
}
