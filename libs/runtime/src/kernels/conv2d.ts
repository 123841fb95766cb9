import { op, type OpAttribute } from '../op';
import { tf } from '../tensorflow';
import { biasAdd } from './bias-add';

export interface Conv2dOptions {
  /** Step of the window in both directions, default 1. */
  strides?: number;
  /** As in TensorFlow: 'SAME' pads so that stride 1 keeps the size, 'VALID' doesn't pad. Default 'VALID'. */
  padding?: 'SAME' | 'VALID';
}

/**
 * A 2-D convolution with an optional bias. Forward and each gradient are one TensorFlow op.
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
        op('Conv2DBackpropFilter', attributes, [images!, sizes(kernel!), dy], 1)[0]!,
      ],
    };
  });
  const y = convolve(x, filter) as tf.Tensor4D;
  return bias === null ? y : biasAdd(y, bias);
}

function sizes(tensor: tf.Tensor): tf.Tensor1D {
  return tf.tensor1d(tensor.shape, 'int32');
}
