import type { MomentumUpdate } from './momentum-update';
import { tf } from './tensorflow';
import { activeRecorder } from './trace/recorder';

/**
 * Updates a variable and its velocity as Keras's legacy SGD does: v = m*v - lr*g, then w = w + m*v - lr*g with
 * Nesterov's momentum or w = w + v without.
 *
 * In a compiled program this is TensorFlow's `ResourceApplyKerasMomentum`, in place and in one pass.
 */
export function applyKerasMomentum(update: MomentumUpdate): void {
  const recorder = activeRecorder();
  if (recorder !== null) return recorder.recordMomentum(update);
  const { variable, velocity, gradient, learningRate, momentum, nesterov } = update;
  tf.tidy(() => {
    const step = gradient.mul(learningRate);
    const next = velocity.mul(momentum).sub(step);
    velocity.assign(next);
    variable.assign(variable.add(nesterov ? next.mul(momentum).sub(step) : next));
  });
}
