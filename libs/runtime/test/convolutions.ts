import { DataType } from '../src/binding';
import type { Graph } from '../src/graph/graph';
import { graphOf } from '../src/graph/graph-of';
import { constant, ints, opValue } from '../src/graph/ops';
import { input, N } from './graphs';

/** A convolution that pads, and its gradients, of images x and a filter w. */
export function convolutionGraph(sizes: {
  readonly pixels: number;
  readonly filter: number;
  readonly channels: number;
  readonly filters: number;
}): Graph {
  const { pixels, filter, channels, filters } = sizes;
  const image = { dtype: DataType.float32, shape: [N, pixels, pixels, channels] };
  const convolved = { dtype: DataType.float32, shape: [N, pixels, pixels, filters] };
  const kernel = { dtype: DataType.float32, shape: [filter, filter, channels, filters] };
  const ones = { int: [1, 1, 1, 1] };
  const attributes = { strides: ones, dilations: ones, padding: 'SAME', data_format: 'NHWC' };
  const [x, w, dy] = [input('x', image.shape), input('w', kernel.shape), input('dy', convolved.shape)];
  const imageSizes = constant(DataType.int32, [4], image.shape);
  return graphOf({
    y: opValue('Conv2D', [x, w], attributes, convolved),
    dx: opValue('Conv2DBackpropInput', [imageSizes, w, dy], attributes, image),
    dw: opValue('Conv2DBackpropFilter', [x, ints(...kernel.shape), dy], attributes, kernel),
  });
}
