import { DataType } from '../../binding';
import { type Op, typeAttribute, type Value } from '../../graph/graph';
import { elementwise, scalar } from '../../graph/ops';
import type { Statistics } from './statistics';

/** What FusedBatchNormV3 takes: an image, and vectors [channels]. */
export interface BatchNormInputs {
  readonly image: Value;
  readonly factor: Value;
  readonly offset: Value;
  readonly movingMean: Value;
  readonly movingVariance: Value;
}

export function batchNormInputs({ inputs }: Op): BatchNormInputs {
  const [image, factor, offset, movingMean, movingVariance] = inputs as [Value, Value, Value, Value, Value];
  return { image, factor, offset, movingMean, movingVariance };
}

/** Whether a batch-norm, or its gradient, is one in training, or one by moving averages, of images with channels last. */
export function isBatchNorm({ attributes }: Op, training: boolean): boolean {
  return attributes['is_training'] === training && attributes['data_format'] === 'NHWC';
}

/** Whether a batch-norm, or its gradient, takes images in float32. */
export function isFloat(norm: Op): boolean {
  return typeAttribute(norm, 'T') === DataType.float32;
}

/** What a batch-norm multiplies its image by, and what it adds then, each [channels], by these statistics. */
export function scaleAndShift(norm: Op, { mean, variance }: Statistics): readonly [Value, Value] {
  const { factor, offset } = batchNormInputs(norm);
  const epsilon = scalar((norm.attributes['epsilon'] as { float: number }).float);
  const scale = elementwise('Mul', factor, elementwise('Rsqrt', elementwise('AddV2', variance, epsilon)));
  return [scale, elementwise('Sub', offset, elementwise('Mul', mean, scale))];
}
