import { type Binding, type BindingAttribute, DataType, type TensorMetadata } from '../binding';

/** What is known of an op's input while it is recorded. */
export interface KnownInput {
  readonly shape: readonly number[];
  /** The values, where they were made in JavaScript. */
  readonly values: ArrayLike<number> | null;
}

/**
 * The output of a convolution or of its gradients filled with zeros, in place of the real one: a recording needs its
 * shape alone, and the convolutions are nearly all of a trace's time and memory. Null for any other op.
 */
export function standIn(
  binding: Binding,
  op: string,
  attributes: readonly BindingAttribute[],
  inputs: readonly KnownInput[],
): TensorMetadata | null {
  const shape = outputShape(op, attributes, inputs);
  if (shape === null) return null;
  const dims = binding.createTensor([shape.length], DataType.int32, Int32Array.from(shape));
  const zero = binding.createTensor([], DataType.float32, new Float32Array(1));
  const types = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: DataType.float32 },
    { name: 'index_type', type: binding.TF_ATTR_TYPE, value: DataType.int32 },
  ];
  const [zeros] = binding.executeOp('Fill', types, [dims, zero], 1);
  binding.deleteTensor(dims);
  binding.deleteTensor(zero);
  return zeros!;
}

function outputShape(
  op: string,
  attributes: readonly BindingAttribute[],
  [first, second]: readonly KnownInput[],
): number[] | null {
  switch (op) {
    case 'Conv2D':
      return convolved(attributes, first!.shape, second!.shape);
    case 'Conv2DBackpropInput':
      return first!.values && Array.from(first!.values);
    case 'Conv2DBackpropFilter':
      return second!.values && Array.from(second!.values);
    default:
      return null;
  }
}

/** Shape of a plain NHWC convolution; null where there is more to it. */
function convolved(
  attributes: readonly BindingAttribute[],
  image: readonly number[],
  filter: readonly number[],
): number[] | null {
  const value = (name: string): unknown => attributes.find((attribute) => attribute.name === name)?.value;
  const [, down, right] = value('strides') as readonly number[];
  const padding = value('padding');
  const dilated = ((value('dilations') ?? []) as readonly number[]).some((dilation) => dilation !== 1);
  if (value('data_format') !== 'NHWC' || dilated || image[3] !== filter[2]) return null;
  if (padding !== 'SAME' && padding !== 'VALID') return null;
  const size = (from: number, window: number, stride: number): number =>
    Math.ceil((padding === 'SAME' ? from : from - window + 1) / stride);
  return [image[0]!, size(image[1]!, filter[0]!, down!), size(image[2]!, filter[1]!, right!), filter[3]!];
}
