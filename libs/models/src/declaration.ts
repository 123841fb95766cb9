import type { tf } from '@label-relaxation/runtime';
import type { NetworkBuilder } from './layers/network-builder';

/**
 * All that the study knows of a network: names, needs and layers. Flags, checks, help, MLflow params and experiment
 * targets follow from it.
 *
 * The layers are made by the builder's methods, or by its `tf`, so that a declaration is read without loading TensorFlow.
 */
export interface NetworkDeclaration<Name extends string = string> {
  /** The name on the command line, in snake_case. */
  readonly name: Name;
  /** The name in print, in hyper-parameter files and in MLflow's `model_type`. */
  readonly type: string;
  /** The smallest height and width that its pooling leaves something of; null for a network that takes features, too. */
  readonly smallest: number | null;
  /** Gigabytes of memory that training takes, with some room, by measurement at batch size 64. */
  readonly gigabytes: number;
  /** Adds the layers from the inputs to the logits. */
  readonly layers: (net: NetworkBuilder, inputs: tf.SymbolicTensor, classes: number) => tf.SymbolicTensor;
  /** A penalty on the logits, part of the loss, already a mean over the batch. */
  readonly activityLoss?: (logits: tf.Tensor2D) => tf.Scalar;
}
