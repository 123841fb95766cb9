import type { BindingAttribute } from '../binding';

/** What is known of an op's input while it is recorded. */
export interface KnownInput {
  readonly shape: readonly number[];
  /** The values, where they were made in JavaScript. */
  readonly values: ArrayLike<number> | null;
}

/** The shapes of an op's outputs, where they are known without running it: of ops on whole images. Null for any other. */
export function outputShapes(
  op: string,
  attributes: readonly BindingAttribute[],
  inputs: readonly KnownInput[],
): readonly (readonly number[])[] | null {
  const [first, second] = inputs as readonly [KnownInput, KnownInput];
  switch (op) {
    case 'Conv2D':
      return one(convolved(attributes, first.shape, second.shape));
    case 'Conv2DBackpropInput':
      return one(first.values);
    case 'Conv2DBackpropFilter':
      return one(second.values);
    case 'FusedBatchNormV3': {
      const { shape } = second;
      return [first.shape, shape, shape, shape, shape, [0]];
    }
    case 'FusedBatchNormGradV3': {
      const channels = first.shape.slice(3);
      return [first.shape, channels, channels, [], []];
    }
    case 'Relu':
    case 'ReluGrad':
      return one(first.shape);
    case 'Add':
    case 'AddV2':
      return first.shape.join() === second.shape.join() ? one(first.shape) : null;
    case 'ConcatV2':
      return one(concatenated(inputs.slice(0, -1), inputs.at(-1)!));
    case 'SplitV':
      return split(first, second, inputs[2]!);
    default:
      return null;
  }
}

function one(shape: ArrayLike<number> | null): number[][] | null {
  return shape && [Array.from(shape)];
}

function concatenated(parts: readonly KnownInput[], axis: KnownInput): number[] | null {
  const [place, first] = [axis.values?.[0], parts[0]!.shape];
  if (place === undefined) return null;
  return first.with(
    place,
    parts.reduce((sum, { shape }) => sum + shape.at(place)!, 0),
  );
}

function split({ shape }: KnownInput, sizes: KnownInput, axis: KnownInput): number[][] | null {
  const place = axis.values?.[0];
  const parts = sizes.values && Array.from(sizes.values);
  if (place === undefined || parts === null || parts.includes(-1)) return null;
  return parts.map((size) => shape.with(place, size));
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
