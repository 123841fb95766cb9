import { DataType } from '../binding';
import { hasAvx2Alone } from '../processor';
import type { GeneralOp, GeneralRecording, Size } from './generalise';
import type { AddNode, GraphBuilder } from './graph-builder';
import type { NodeAttribute } from './graph-def';
import { keyOf } from './recording';

/** Up to this many pixels a convolution is slower than the product of all its windows with the filter. */
const FEW_PIXELS = 4;

/** Up to this many pixels that is so for gradients, on some processors or in some precisions. */
const SOME_PIXELS = 16;

/** Up to this many pixels a gradient by a bias costs less than what a product saves, where it could be fused. */
const PIXELS_WITH_BIAS = 256;

/** From this many channels on `BiasAddGrad` is faster than a sum. */
const CHANNELS_FOR_BIAS_GRADIENT = 48;

const float = { type: DataType.float32 };
const int32 = { type: DataType.int32 };

export type Added = Readonly<Parameters<AddNode>>;

/** Heights and widths, and numbers of channels, of a convolution with stride 1. */
export interface Geometry {
  /** Of the image. */
  readonly input: readonly [number, number];
  /** Of the convolved image. */
  readonly output: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly padding: string;
}

/**
 * Convolutions and their gradients as matrix products, where TensorFlow's own kernels for them are slower
 * (docs/performance.md has the measurements): on images of few pixels, and gradients by filters of one pixel. Gradients
 * by biases stay apart from those by filters, since the kernel that computes both is slower in float32 than two.
 */
export class ConvolutionProducts {
  readonly #graph: GraphBuilder;
  readonly #add: AddNode;
  readonly #half: boolean;
  readonly #avx2Alone = hasAvx2Alone();
  /** The values by which there are gradients by a bias. */
  readonly #biasGradients: ReadonlySet<string>;

  /**
   * @param add adds a node in the precision of the recording
   * @param half whether that is bfloat16
   */
  constructor(graph: GraphBuilder, add: AddNode, { nodes }: GeneralRecording, half: boolean) {
    this.#graph = graph;
    this.#add = add;
    this.#half = half;
    this.#biasGradients = new Set(
      nodes.flatMap((node) =>
        node.kind === 'op' && node.op === 'BiasAddGrad' ? [keyOf(node.inputs[0]!)] : [],
      ),
    );
  }

  /** Adds an op in another way; null where it is best as it is. */
  addOp(node: GeneralOp, ...added: Added): string | null {
    const [, op, , attributes, shapes] = added;
    if (op === 'BiasAddGrad') return this.#addBiasGradient(...added);
    if (!isPlain(attributes)) return null;
    const padding = attributes['padding'] as string;
    switch (op) {
      case 'Conv2D': {
        const geometry = geometryOf(shapes[0]!, shapes[1]!, shapes[2]!, padding);
        const pays = geometry !== null && size(geometry.filter) > 1 && size(geometry.output) <= FEW_PIXELS;
        return pays ? this.#addConvolution(geometry, added) : null;
      }
      case 'Conv2DBackpropInput': {
        const geometry = geometryOf(shapes[3]!, shapes[1]!, shapes[2]!, padding);
        const limit = this.#avx2Alone ? FEW_PIXELS : SOME_PIXELS;
        const pays = geometry !== null && size(geometry.filter) > 1 && size(geometry.output) <= limit;
        return pays ? this.#addInputGradient(geometry, added) : null;
      }
      case 'Conv2DBackpropFilter': {
        const geometry = geometryOf(shapes[0]!, shapes[3]!, shapes[2]!, padding);
        const hasBias = this.#biasGradients.has(keyOf(node.inputs[2]!));
        const pays = geometry !== null && this.#filterGradientPays(geometry, hasBias);
        return pays ? this.#addFilterGradient(geometry, added) : null;
      }
      default:
        return null;
    }
  }

  #filterGradientPays({ output, filter, channels, filters }: Geometry, hasBias: boolean): boolean {
    if (size(filter) > 1) return size(output) <= (this.#half || this.#avx2Alone ? SOME_PIXELS : FEW_PIXELS);
    if (this.#half) return !hasBias || size(output) <= PIXELS_WITH_BIAS;
    return this.#avx2Alone && channels >= filters;
  }

  /** All windows times the filter. */
  #addConvolution(geometry: Geometry, [name, , [image, filter]]: Added): string {
    const { output, filters } = geometry;
    const windows = this.#windows(name, geometry, image!);
    const matrix = this.#filterMatrix(name, geometry, filter!);
    const product = this.#product(`${name}/product`, windows, matrix, {});
    return this.#reshaped(name, product, [-1, ...output, filters]);
  }

  /** The gradients of all windows, each pixel's then added up by a product with a matrix of zeros and ones. */
  #addInputGradient(geometry: Geometry, [name, , [, filter, dy]]: Added): string {
    const { input, output, channels, filters } = geometry;
    const places = size(output) * size(geometry.filter);
    const rows = this.#reshaped(`${name}/rows`, dy!, [-1, filters]);
    const matrix = this.#filterMatrix(name, geometry, filter!);
    const windows = this.#product(`${name}/windows`, rows, matrix, { transpose_b: true });
    const parts = this.#reshaped(`${name}/parts`, windows, [-1, places, channels]);
    const sums = this.#graph.constant(DataType.float32, [1, size(input), places], sumMatrix(geometry));
    const attributes = { T: float, adj_x: false, adj_y: false };
    const pixels = this.#add(`${name}/pixels`, 'BatchMatMulV2', [sums, parts], attributes, [], 'heavy');
    return this.#reshaped(name, pixels, [-1, ...input, channels]);
  }

  /** All windows, transposed, times dy. */
  #addFilterGradient(geometry: Geometry, [name, , [image, , dy]]: Added): string {
    const { filter, channels, filters } = geometry;
    const windows = this.#windows(name, geometry, image!);
    const rows = this.#reshaped(`${name}/rows`, dy!, [-1, filters]);
    const product = this.#product(`${name}/product`, windows, rows, { transpose_a: true });
    return this.#reshaped(name, product, [...filter, channels, filters]);
  }

  /** A bias's gradient that isn't made one op with that by a filter; TensorFlow does so where both have one input. */
  #addBiasGradient(...[name, op, operands, attributes, [shape]]: Added): string | null {
    const channels = shape?.at(-1);
    if (this.#half || shape?.length !== 4 || typeof channels !== 'number') return null;
    if (channels >= CHANNELS_FOR_BIAS_GRADIENT) {
      const rows = this.#reshaped(`${name}/rows`, operands[0]!, [-1, channels]);
      return this.#add(name, op, [rows], attributes, []);
    }
    const axes = this.#graph.constant(DataType.int32, [3], [0, 1, 2]);
    return this.#add(name, 'Sum', [operands[0]!, axes], { T: float, Tidx: int32, keep_dims: false }, []);
  }

  /** The windows of all images as rows. */
  #windows(name: string, { filter, channels, padding }: Geometry, image: string): string {
    const windows =
      size(filter) === 1
        ? image
        : this.#add(
            `${name}/patches`,
            'ExtractImagePatches',
            [image],
            {
              T: float,
              ksizes: { int: [1, ...filter, 1] },
              strides: { int: [1, 1, 1, 1] },
              rates: { int: [1, 1, 1, 1] },
              padding,
            },
            [],
            'heavy',
          );
    return this.#reshaped(`${name}/patch_rows`, windows, [-1, size(filter) * channels]);
  }

  #filterMatrix(name: string, { filter, channels, filters }: Geometry, kernel: string): string {
    return this.#reshaped(`${name}/matrix`, kernel, [size(filter) * channels, filters]);
  }

  #product(
    name: string,
    left: string,
    right: string,
    transposed: { readonly transpose_a?: true; readonly transpose_b?: true },
  ): string {
    const attributes = { T: float, transpose_a: false, transpose_b: false, ...transposed };
    return this.#add(name, 'MatMul', [left, right], attributes, [], 'heavy');
  }

  #reshaped(name: string, value: string, shape: readonly number[]): string {
    const target = this.#graph.constant(DataType.int32, [shape.length], shape);
    return this.#add(name, 'Reshape', [value, target], { T: float, Tshape: int32 }, []);
  }
}

/** Whether a convolution has stride 1, no dilation and the channels last. */
export function isPlain({
  strides,
  dilations,
  data_format,
}: Readonly<Record<string, NodeAttribute>>): boolean {
  const areOnes = (attribute: NodeAttribute | undefined): boolean =>
    typeof attribute === 'object' && 'int' in attribute && [attribute.int].flat().every((n) => n === 1);
  return areOnes(strides) && areOnes(dilations) && data_format === 'NHWC';
}

/** What a convolution of these shapes is about; null where more than the number of images depends on the batch. */
export function geometryOf(
  [, ...input]: readonly Size[],
  filter: readonly Size[],
  [, ...output]: readonly Size[],
  padding: string,
): Geometry | null {
  if (![...input, ...filter, ...output].every((n) => typeof n === 'number')) return null;
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
  };
}

/** [pixels of the image, windows x places in a window]: 1 where the window has the pixel at the place. */
function sumMatrix({ input, output, filter, padding }: Geometry): Float32Array {
  const places = size(output) * size(filter);
  const matrix = new Float32Array(size(input) * places);
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

/** Number of pixels. */
export function size([height, width]: readonly [number, number]): number {
  return height * width;
}
