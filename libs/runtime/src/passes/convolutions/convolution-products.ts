import { DataType } from '../../binding';
import { dtypeOf, type Node, type Op, uncast, type Value } from '../../graph/graph';
import { cast, constant, matMul, opValue, reshape } from '../../graph/ops';
import { rewriteOps } from '../../graph/rewrite';
import { times } from '../../graph/size';
import { ValueMap } from '../../graph/value-map';
import type { Pass } from '../pass';
import { area, type Convolution, convolutionOf } from './convolution';

/** Up to this many pixels a convolution is slower than the product of all its windows with the filter. */
const FEW_PIXELS = 4;

/** Up to this many pixels that is so for gradients, on some processors or in some precisions. */
const SOME_PIXELS = 16;

/** Up to this many pixels a gradient by a bias costs less than what a product saves, where it could be fused. */
const PIXELS_WITH_BIAS = 256;

/** docs/performance-appendix.md has the measurements. */
export const convolutionProducts: Pass = {
  name: 'convolution-products',
  description:
    'makes matrix products of convolutions of few pixels, and of gradients by filters of one pixel',
  appliesTo: ({ machine }) => machine !== null,
  run(graph, { machine }) {
    const { avx2Alone } = machine!;
    const withBias = biasGradients(graph.nodes);
    return rewriteOps(graph, {
      Conv2D(node) {
        const convolution = convolutionOf(node);
        return convolution && isWide(convolution) && area(convolution.output) <= FEW_PIXELS
          ? convolved(node, convolution)
          : null;
      },
      Conv2DBackpropInput(node) {
        const convolution = convolutionOf(node);
        const limit = avx2Alone ? FEW_PIXELS : SOME_PIXELS;
        return convolution && isWide(convolution) && area(convolution.output) <= limit
          ? inputGradient(node, convolution)
          : null;
      },
      Conv2DBackpropFilter(node, original) {
        const convolution = convolutionOf(node);
        if (convolution === null) return null;
        const { output, channels, filters } = convolution;
        const isHalf = node.outputs[0]!.dtype === DataType.bfloat16;
        const hasBias = withBias.get(uncast(original.inputs[2]!)) === true;
        const pays = (): boolean => {
          if (isWide(convolution)) return area(output) <= (isHalf || avx2Alone ? SOME_PIXELS : FEW_PIXELS);
          if (isHalf) return !hasBias || area(output) <= PIXELS_WITH_BIAS;
          return avx2Alone && channels >= filters;
        };
        return pays() ? filterGradient(node, convolution) : null;
      },
    });
  },
};

/** The values by which there are gradients by a bias. */
function biasGradients(nodes: readonly Node[]): ValueMap<boolean> {
  const values = new ValueMap<boolean>();
  for (const node of nodes) {
    if (node.kind === 'op' && node.op === 'BiasAddGrad') values.set(uncast(node.inputs[0]!), true);
  }
  return values;
}

/** Whether a filter has more than one pixel. */
function isWide({ filter }: Convolution): boolean {
  return area(filter) > 1;
}

/** All windows times the filter. */
function convolved(node: Op, convolution: Convolution): Value {
  const [image, filter] = node.inputs as [Value, Value];
  const product = matMul(windowsOf(image, convolution), filterMatrix(filter, convolution));
  return reshape(product, node.outputs[0]!.shape);
}

/** The gradients of all windows, each pixel's then added up by a product with a matrix of zeros and ones. */
function inputGradient(node: Op, convolution: Convolution): Value {
  const [, filter, dy] = node.inputs as [Value, Value, Value];
  const { input, output, channels, images } = convolution;
  const places = area(output) * area(convolution.filter);
  const windows = matMul(rowsOf(dy, convolution), filterMatrix(filter, convolution), { right: true });
  const parts = reshape(windows, [images, places, channels]);
  const dtype = dtypeOf(dy);
  const sums = constant(DataType.float32, [1, area(input), places], sumMatrix(convolution));
  const pixels = opValue(
    'BatchMatMulV2',
    [cast(sums, dtype), parts],
    { adj_x: false, adj_y: false },
    { dtype, shape: [images, area(input), channels] },
  );
  return reshape(pixels, node.outputs[0]!.shape);
}

/** All windows, transposed, times dy. */
function filterGradient(node: Op, convolution: Convolution): Value {
  const [image, , dy] = node.inputs as [Value, Value, Value];
  const product = matMul(windowsOf(image, convolution), rowsOf(dy, convolution), { left: true });
  return reshape(product, node.outputs[0]!.shape);
}

/** The windows of all images as rows. */
function windowsOf(image: Value, { filter, channels, padding, output, images }: Convolution): Value {
  const columns = area(filter) * channels;
  const ones = { int: [1, 1, 1, 1] };
  const windows =
    area(filter) === 1
      ? image
      : opValue(
          'ExtractImagePatches',
          [image],
          { ksizes: { int: [1, ...filter, 1] }, strides: ones, rates: ones, padding },
          { dtype: dtypeOf(image), shape: [images, ...output, columns] },
        );
  return reshape(windows, [times(images, area(output)), columns]);
}

/** Of a convolved image, a row for each pixel. */
function rowsOf(dy: Value, { images, output, filters }: Convolution): Value {
  return reshape(dy, [times(images, area(output)), filters]);
}

function filterMatrix(filter: Value, { channels, filters, filter: size }: Convolution): Value {
  return reshape(filter, [area(size) * channels, filters]);
}

/** [pixels of the image, windows x places in a window]: 1 where the window has the pixel at the place. */
function sumMatrix({ input, output, filter, padding }: Convolution): Float32Array {
  const places = area(output) * area(filter);
  const matrix = new Float32Array(area(input) * places);
  const [top, left] = filter.map((length) => (padding === 'SAME' ? (length - 1) >> 1 : 0)) as [
    number,
    number,
  ];
  let column = 0;
  for (let y = 0; y < output[0]; y++) {
    for (let x = 0; x < output[1]; x++) {
      for (let row = y - top; row < y - top + filter[0]; row++) {
        for (let place = x - left; place < x - left + filter[1]; place++) {
          const isInside = row >= 0 && row < input[0] && place >= 0 && place < input[1];
          if (isInside) matrix[(row * input[1] + place) * places + column] = 1;
          column++;
        }
      }
    }
  }
  return matrix;
}
