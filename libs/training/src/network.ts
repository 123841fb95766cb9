import type { tf } from '@label-relaxation/runtime';

/** A variable and the name under which checkpoints keep it; names are unique within a network. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** An L2 penalty l2 * sum(variable^2), part of the loss. */
export interface Regularizer {
  readonly variable: tf.Variable;
  readonly l2: number;
}

/** What training needs to know of a network. Any object of this form can be trained. */
export interface TrainableNetwork {
  readonly trainableVariables: readonly NamedVariable[];
  /** Variables that the forward pass itself assigns in training, such as batch-norm's moving averages. */
  readonly nonTrainableVariables: readonly NamedVariable[];
  readonly regularizers: readonly Regularizer[];
  /**
   * @param inputs float32 [n, height, width, channels] or [n, features], normalised
   * @returns logits [n, classes]
   */
  logits(inputs: tf.Tensor, options: { training: boolean }): tf.Tensor2D;
  /** A penalty on the outputs, part of the loss; its value is already a mean over the batch. */
  activityLoss?(logits: tf.Tensor2D): tf.Scalar;
}

/** What training needs to know of a loss. */
export interface ExampleLoss {
  /**
   * @param logits float32 [n, classes]
   * @param labels int32 [n]; soft labels float32 [n, classes] where the data has them
   * @param progress the share of the run's epochs that are done, a scalar in [0, 1); not given in evaluation
   * @returns the loss of each example, [n]
   */
  perExample(logits: tf.Tensor2D, labels: tf.Tensor1D | tf.Tensor2D, progress?: tf.Scalar): tf.Tensor1D;
}
