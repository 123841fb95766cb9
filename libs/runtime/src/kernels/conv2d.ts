import { op, type OpAttribute } from '../op';
import { hasAvx2Alone } from '../processor';
import { tf } from '../tensorflow';
import { biasAdd } from './bias-add';
import { multiply } from './mat-mul';

export interface Conv2dOptions {
  /** Step of the window in both directions, default 1. */
  strides?: number;
  /** As in TensorFlow: 'SAME' pads so that stride 1 keeps the size, 'VALID' doesn't pad. Default 'VALID'. */
  padding?: 'SAME' | 'VALID';
}

/** Whether gradients by filters and biases are better left to other ops than oneDNN's (docs/performance.md). */
const AVX2_ALONE = hasAvx2Alone();

/** Up to this many pixels of output it pays to copy each window for such a product. */
const PIXELS_FOR_WINDOWS = 16;

/**
 * A 2-D convolution with an optional bias. Forward and each gradient are one TensorFlow op; where oneDNN's kernel for
 * the gradient by the filter is slow, that is a matrix product.
 *
 * @param x float32, [batch, height, width, in]
 * @param filter float32, [height, width, in, out]
 * @param bias float32, [out], or null
 * @returns [batch, height', width', out]
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  { strides = 1, padding = 'VALID' }: Conv2dOptions = {},
): tf.Tensor4D {
  const attributes: Record<string, OpAttribute> = {
    T: { type: 'float32' },
    strides: { int: [1, strides, strides, 1] },
    padding,
    data_format: 'NHWC',
    dilations: { int: [1, 1, 1, 1] },
  };
  const convolve = tf.customGrad((input, weights, save) => {
    const inputs = [input as tf.Tensor, weights as tf.Tensor];
    (save as tf.GradSaveFunc)(inputs);
    return {
      value: op('Conv2D', attributes, inputs, 1)[0]!,
      gradFunc: (dy: tf.Tensor, [images, kernel]: tf.Tensor[]) => [
        op('Conv2DBackpropInput', attributes, [sizes(images!), kernel!, dy], 1)[0]!,
        strides === 1 && isProduct(dy, kernel!)
          ? filterGradient(images!, kernel!, dy, padding)
          : op('Conv2DBackpropFilter', attributes, [images!, sizes(kernel!), dy], 1)[0]!,
      ],
    };
  });
  const y = convolve(x, filter) as tf.Tensor4D;
  return bias === null ? y : biasAdd(y, bias, AVX2_ALONE);
}

/**
 * Whether the gradient by the filter of a convolution with stride 1 is better a matrix product: where it copies few
 * windows or none, and in the latter case has no more outputs than inputs.
 */
function isProduct({ shape: [, height, width] }: tf.Tensor, { shape }: tf.Tensor): boolean {
  const [rows, columns, channels, filters] = shape as [number, number, number, number];
  const pays = rows * columns > 1 ? height! * width! <= PIXELS_FOR_WINDOWS : channels >= filters;
  return AVX2_ALONE && pays;
}

/** The gradient by the filter as one matrix product: all windows of the images, transposed, times dy. */
function filterGradient(
  images: tf.Tensor,
  { shape }: tf.Tensor,
  dy: tf.Tensor,
  padding: 'SAME' | 'VALID',
): tf.Tensor {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const windows =
    height === 1 && width === 1
      ? images
      : op(
          'ExtractImagePatches',
          {
            T: { type: 'float32' },
            ksizes: { int: [1, height, width, 1] },
            strides: { int: [1, 1, 1, 1] },
            rates: { int: [1, 1, 1, 1] },
            padding,
          },
          [images],
          1,
        )[0]!;
  const flat = tf.reshape(windows, [-1, height * width * channels]);
  return tf.reshape(multiply(flat, tf.reshape(dy, [-1, filters]), true, false), shape);
}

function sizes(tensor: tf.Tensor): tf.Tensor1D {
  return tf.tensor1d(tensor.shape, 'int32');
}
