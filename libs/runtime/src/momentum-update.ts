import type { tf } from './tensorflow';

/** One update of one variable by stochastic gradient descent with momentum. */
export interface MomentumUpdate {
  variable: tf.Variable;
  /** The variable's running update, of the same shape. */
  velocity: tf.Variable;
  gradient: tf.Tensor;
  learningRate: tf.Scalar;
  momentum: number;
  nesterov: boolean;
}
