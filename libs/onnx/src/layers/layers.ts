import type { Graph, Value } from '../graph/graph';
import type { Application } from '../network/network';
import {
  convertActivation,
  convertElu,
  convertIdentity,
  convertLeakyRelu,
  convertRelu,
  convertSoftmax,
  convertThresholdedRelu,
} from './activation';
import { convertBatchNorm } from './batch-norm';
import { type Convert, refuse } from './convert';
import { convertConv2d, convertDepthwiseConv2d, convertSeparableConv2d } from './convolution';
import { convertDense } from './dense';
import {
  convertAdd,
  convertAverage,
  convertConcatenate,
  convertMaximum,
  convertMinimum,
  convertMultiply,
} from './merge';
import {
  convertAveragePooling2d,
  convertGlobalAveragePooling2d,
  convertGlobalMaxPooling2d,
  convertMaxPooling2d,
} from './pooling';
import {
  convertCropping2d,
  convertFlatten,
  convertRescaling,
  convertReshape,
  convertUpSampling2d,
  convertZeroPadding2d,
} from './shape';

/** The tfjs layers that can be exported, by their class names. */
const LAYERS: Readonly<Record<string, Convert>> = {
  Activation: convertActivation,
  Add: convertAdd,
  AlphaDropout: convertIdentity,
  Average: convertAverage,
  AveragePooling2D: convertAveragePooling2d,
  BatchNormalization: convertBatchNorm,
  Concatenate: convertConcatenate,
  Conv2D: convertConv2d,
  Cropping2D: convertCropping2d,
  Dense: convertDense,
  DepthwiseConv2D: convertDepthwiseConv2d,
  Dropout: convertIdentity,
  ELU: convertElu,
  Flatten: convertFlatten,
  GaussianDropout: convertIdentity,
  GaussianNoise: convertIdentity,
  GlobalAveragePooling2D: convertGlobalAveragePooling2d,
  GlobalMaxPooling2D: convertGlobalMaxPooling2d,
  LeakyReLU: convertLeakyRelu,
  Maximum: convertMaximum,
  MaxPooling2D: convertMaxPooling2d,
  Minimum: convertMinimum,
  Multiply: convertMultiply,
  ReLU: convertRelu,
  Rescaling: convertRescaling,
  Reshape: convertReshape,
  SeparableConv2D: convertSeparableConv2d,
  Softmax: convertSoftmax,
  SpatialDropout2D: convertIdentity,
  ThresholdedReLU: convertThresholdedRelu,
  UpSampling2D: convertUpSampling2d,
  ZeroPadding2D: convertZeroPadding2d,
};

/** Adds what a layer computes to the graph; throws an OnnxError that names a layer without counterpart. */
export function convertLayer(application: Application, inputs: readonly Value[], graph: Graph): Value {
  const { type } = application;
  if (!Object.hasOwn(LAYERS, type)) refuse(application, 'there is no counterpart for such a layer');
  return LAYERS[type]!(application, inputs, graph);
}
