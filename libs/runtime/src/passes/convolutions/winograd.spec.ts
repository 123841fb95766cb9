import { avx2, avx512, half, halfOps, passed, shown } from '../../../test/graphs';
import { convolutionGraph } from '../../../test/convolutions';
import { winograd } from './winograd';
import { compiledOps } from '../../../test/compiled-ops';
import { conv2d } from '../../kernels/conv2d';
import { CONVOLUTION, FILTER_GRADIENT, nativeLanes } from '../../native-ops';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';
import type { EntryPoint, Precision } from '../../trace/entry-point';

let mockLanes: 8 | 16 | null = null;
let mockProducts = false;
jest.mock('../../processor', () => ({
  ...jest.requireActual<object>('../../processor'),
  hasBfloat16Products: () => mockProducts,
}));
const lanesHere = nativeLanes();
jest.mock('../../native-ops', () => {
  const actual = jest.requireActual<{ nativeLanes: typeof nativeLanes }>('../../native-ops');
  return { ...actual, nativeLanes: () => mockLanes ?? actual.nativeLanes() };
});

interface Case {
  /** [height, width, channels, filters] */
  readonly shape: readonly [number, number, number, number];
  readonly filter?: number;
  readonly stride?: number;
  readonly padding?: 'SAME' | 'VALID';
  readonly precision?: Precision;
}

/** A convolution, its gradients by images and filter, and what they are computed from. */
function convolved({ stride = 1, padding = 'SAME' }: Case, x: tf.Tensor, filter: tf.Tensor): tf.Tensor[] {
  const convolve = (image: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
    conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, null, { strides: stride, padding });
  const { value, grads } = tf.valueAndGrads((image, kernel) => convolve(image!, kernel!).square().sum())([
    x,
    filter,
  ]);
  return [value, ...grads];
}

function entryOf(options: Case): { variables: tf.Variable[]; entry: EntryPoint } {
  const { shape, filter = 3, precision } = options;
  const [height, width, channels, filters] = shape;
  const kernel = tf.variable(tf.randomNormal([filter, filter, channels, filters], 0, 1, 'float32', 1));
  return {
    variables: [kernel],
    entry: {
      precision,
      inputs: { x: { dtype: 'float32', shape: ['batch', height, width, channels] } },
      fn: ({ x }) =>
        Object.fromEntries(convolved(options, x!, kernel).map((value, i) => [`output${i}`, value])),
    },
  };
}

/** For how many floats at once each of our ops in the compiled graph is made. */
function ops(options: Case): unknown[] {
  const { variables, entry } = entryOf(options);
  return compiledOps(entry, variables)
    .filter(({ op }) => op === CONVOLUTION || op === FILTER_GRADIENT)
    .map(({ attributes }) => (attributes['lanes'] as { int: number }).int);
}

describe('which convolutions it is for', () => {
  afterEach(() => {
    mockLanes = null;
    mockProducts = false;
  });
  it.each<[string, Case, 8 | 16, number[]]>([
    ['3x3', { shape: [4, 4, 32, 64] }, 16, [16, 16, 16]],
    ['3x3 on AVX2', { shape: [4, 4, 32, 64] }, 8, [8, 8, 8]],
    ['one vector of channels', { shape: [4, 4, 16, 64] }, 16, [16, 16, 16]],
    ['shorter vectors for few channels', { shape: [4, 4, 8, 64] }, 16, [8, 8, 8]],
    ['one vector of filters', { shape: [4, 4, 48, 12] }, 16, [8, 8, 8]],
    ['not too few channels', { shape: [4, 4, 3, 64] }, 16, []],
    ['no number of channels between', { shape: [4, 4, 20, 64] }, 8, []],
    ['not few pixels', { shape: [2, 2, 32, 32] }, 16, []],
    ['no other filter', { shape: [4, 4, 32, 32], filter: 5 }, 16, []],
    ['no stride', { shape: [4, 4, 32, 32], stride: 2 }, 16, []],
    ['no other padding', { shape: [6, 6, 32, 32], padding: 'VALID' }, 16, []],
    ['nothing in bfloat16', { shape: [8, 8, 32, 32], precision: 'bfloat16' }, 16, []],
  ])('%s', (_, options, lanes, expected) => {
    mockLanes = lanes;
    expect(ops(options)).toEqual(expected);
  });

  it.each<[string, Case['shape'], number[]]>([
    ['3x3', [4, 4, 32, 16], [16, 16, 16]],
    ['no shorter vectors', [4, 4, 48, 12], []],
    ['no odd numbers', [4, 4, 17, 32], []],
  ])('in bfloat16, where our ops multiply it: %s', (_, shape, expected) => {
    mockLanes = 16;
    mockProducts = true;
    expect(ops({ shape, precision: 'bfloat16' })).toEqual(expected);
  });
});

const lanes = ([8, 16] as const).filter((count) => lanesHere !== null && count <= lanesHere);

describe.each(lanes)('with vectors of at most %d floats', (most) => {
  beforeEach(() => (mockLanes = most));
  afterEach(() => (mockLanes = null));
  it.each<[Case['shape'], number]>([
    [[4, 4, 32, 64], 1],
    [[5, 7, 32, 32], 3],
    [[3, 2, 64, 32], 5],
    [[8, 8, 64, 96], 64],
    [[9, 4, 16, 16], 20],
    [[6, 6, 48, 12], 9],
    [[6, 6, 12, 48], 9],
    [[4, 4, 8, 8], 2],
    [[16, 16, 32, 32], 33],
  ])('gives what TensorFlow gives: images of %p, %d of them', async (shape, images) => {
    const options: Case = { shape };
    expect(ops(options)).toHaveLength(3);
    const { variables, entry } = entryOf(options);
    const program = await compile({ variables, entries: { main: entry } });
    const [height, width, channels] = shape;
    const x = tf.randomNormal<tf.Rank.R4>([images, height, width, channels], 0, 1, 'float32', 4);
    const expected = convolved(options, x, variables[0]!).map((value) => value.dataSync());
    const results = program.run('main', { x: x.dataSync() as Float32Array });
    program.dispose();
    expected.forEach((values, i) => {
      let [scale, error] = [0, 0];
      values.forEach((value, place) => {
        scale = Math.max(scale, Math.abs(value));
        error = Math.max(error, Math.abs(value - results[`output${i}`]![place]!));
      });
      expect(error).toBeLessThan(3e-6 * scale);
    });
  });
});

it('makes our ops of convolutions and their gradients', () => {
  const before = convolutionGraph({ pixels: 8, filter: 3, channels: 32, filters: 64 });
  expect(shown(before)).toEqual([
    '%0 = Conv2D(x, w) [N, 8, 8, 64]',
    '%1 = Conv2DBackpropInput((N, 8, 8, 32), w, dy) [N, 8, 8, 32]',
    '%2 = Conv2DBackpropFilter(x, (3, 3, 32, 64), dy) [3, 3, 32, 64]',
    'y = %0',
    'dx = %1',
    'dw = %2',
  ]);
  expect(passed(winograd, before, avx512, 'turned', 'lanes')).toEqual([
    '%0 = LabelRelaxationConvolution3x3(x, w) turned=false lanes={"int":16} [N, 8, 8, 64]',
    '%1 = LabelRelaxationConvolution3x3(dy, w) turned=true lanes={"int":16} [N, 8, 8, 32]',
    '%2 = LabelRelaxationConvolution3x3FilterGradient(x, dy) lanes={"int":16} [3, 3, 32, 64]',
    'y = %0',
    'dx = %1',
    'dw = %2',
  ]);
  expect([avx2, half, halfOps].map(winograd.appliesTo)).toEqual([true, false, true]);
});
