import { type Attribute, type Op, shapeOf, type Value } from '../../graph/graph';
import { isStatic, type Size } from '../../graph/size';

/** A convolution or one of its gradients, with stride 1, no dilation and the channels last. */
export interface Convolution {
  /** Height and width of the image. */
  readonly input: readonly [number, number];
  /** Height and width of the convolved image. */
  readonly output: readonly [number, number];
  /** Height and width of the filter. */
  readonly filter: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly padding: string;
  /** The number of images. */
  readonly images: Size;
}

/** What a convolution or one of its gradients is about; null where more than the number of images depends on the batch. */
export function convolutionOf({ op, inputs, attributes, outputs }: Op): Convolution | null {
  const { strides, dilations, data_format, padding } = attributes;
  if (!areOnes(strides) || !areOnes(dilations) || data_format !== 'NHWC') return null;
  const shape = outputs[0]!.shape;
  const [first, second, third] = inputs as [Value, Value, Value];
  switch (op) {
    case 'Conv2D':
      return convolution(shapeOf(first), shapeOf(second), shape, padding as string);
    case 'Conv2DBackpropInput':
      return convolution(shape, shapeOf(second), shapeOf(third), padding as string);
    case 'Conv2DBackpropFilter':
      return convolution(shapeOf(first), shape, shapeOf(third), padding as string);
    default:
      return null;
  }
}

function convolution(
  [images, ...input]: readonly Size[],
  filter: readonly Size[],
  [, ...output]: readonly Size[],
  padding: string,
): Convolution | null {
  if (!isStatic([...input, ...filter, ...output])) return null;
  const [height, width] = input as [number, number];
  const [outHeight, outWidth] = output as [number, number];
  const [rows, columns, channels, filters] = filter as [number, number, number, number];
  return {
    input: [height, width],
    output: [outHeight, outWidth],
    filter: [rows, columns],
    channels,
    filters,
    padding,
    images: images!,
  };
}

/** Number of pixels. */
export function area([height, width]: readonly [number, number]): number {
  return height * width;
}

function areOnes(attribute: Attribute | undefined): boolean {
  return typeof attribute === 'object' && 'int' in attribute && [attribute.int].flat().every((n) => n === 1);
}
