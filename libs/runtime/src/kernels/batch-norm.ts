import { op, type OpAttribute } from '../op';
import { tf } from '../tensorflow';

export interface BatchNormVariables {
  /** Factor, [channels]. */
  gamma: tf.Tensor1D;
  /** Offset, [channels]. */
  beta: tf.Tensor1D;
  /** Moving averages, [channels]; training assigns new values. */
  movingMean: tf.Variable;
  movingVariance: tf.Variable;
}

export interface BatchNormOptions {
  training: boolean;
  /** What the moving averages keep of their old value in each training step. */
  momentum: number;
  /** Added to the variance. */
  epsilon: number;
  /**
   * Which variance of the batch enters the moving one: divided by n - 1 ('unbiased', what Keras's fused kernel does
   * after convolutions) or by n ('biased', what Keras does after dense layers).
   */
  movingVariance: 'unbiased' | 'biased';
}

/**
 * Batch normalisation over all dimensions but the last (Ioffe and Szegedy, 2015), in Keras's form and as one fused
 * op, `FusedBatchNormV3`, with the one op of its gradient.
 *
 * In training, batch statistics normalise and the moving averages are updated in passing; otherwise the moving
 * averages normalise.
 *
 * @param x float32, [batch, height, width, channels] or [batch, channels]
 */
export function batchNorm<T extends tf.Tensor>(
  x: T,
  variables: BatchNormVariables,
  options: BatchNormOptions,
): T {
  const { gamma, beta, movingMean, movingVariance } = variables;
  const { training, momentum, epsilon } = options;
  const biased = training && options.movingVariance === 'biased';
  const channels = gamma.shape[0];
  const attributes: Record<string, OpAttribute> = {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    data_format: 'NHWC',
    is_training: training,
  };
  const normalise = tf.customGrad((input, factor, offset, save) => {
    const image = input as tf.Tensor;
    const rate = training ? 1 - momentum : 1;
    const [y, mean, variance, ...fromBatch] = op(
      'FusedBatchNormV3',
      { ...attributes, exponential_avg_factor: { float: rate } },
      [image, factor as tf.Tensor, offset as tf.Tensor, movingMean, movingVariance],
      6,
    );
    if (training) {
      const examples = image.size / channels;
      movingMean.assign(mean!);
      movingVariance.assign(
        biased ? withBiasedVariance(movingVariance, variance!, momentum, examples) : variance!,
      );
    }
    const statistics = training ? fromBatch : [movingMean, movingVariance, fromBatch[2]!];
    (save as tf.GradSaveFunc)([image, factor as tf.Tensor, ...statistics]);
    return {
      value: y!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        op('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
    };
  });
  if (x.rank === 4) return normalise(x, gamma, beta) as T;
  const y = normalise(tf.reshape(x, [-1, 1, 1, channels]), gamma, beta);
  return tf.reshape(y, x.shape) as T;
}

/** Takes n/(n-1) back from what the fused kernel added to the moving variance. */
function withBiasedVariance(
  old: tf.Tensor,
  updated: tf.Tensor,
  momentum: number,
  examples: number,
): tf.Tensor {
  const kept = tf.mul(old, momentum);
  return tf.add(kept, tf.mul(tf.sub(updated, kept), 1 - 1 / examples));
}
