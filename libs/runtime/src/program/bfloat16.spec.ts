import { DataType } from '../binding';
import { Bfloat16 } from './bfloat16';
import { GraphBuilder } from './graph-builder';
import { Session } from './session';

const SHAPE = [2, 6, 6, 3] as const;
const FILTER = [3, 3, 3, 4] as const;
const wave = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)));
const x = wave(2 * 6 * 6 * 3, 0.7);
const filter = wave(3 * 3 * 3 * 4, 1.3);
const bias = wave(4, 2.1);

/** A convolution with bias and rectifier, in float32 (null) or in bfloat16 with or without kernels for it. */
async function convolved(hasKernels: boolean | null): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const half = new Bfloat16(graph, 'cast', hasKernels ?? false);
  const float = { type: DataType.float32 };
  const image = graph.add('x', 'Placeholder', [], { dtype: float, shape: { shape: SHAPE } });
  const operands = [image, graph.constant(DataType.float32, FILTER, filter)];
  const attributes = {
    T: float,
    strides: { int: [1, 1, 1, 1] },
    padding: 'SAME',
    data_format: 'NHWC',
    dilations: { int: [1, 1, 1, 1] },
  };
  const constant = graph.constant(DataType.float32, [4], bias);
  if (hasKernels === null) {
    graph.add('conv', 'Conv2D', operands, attributes);
    graph.add('sum', 'BiasAdd', ['conv', constant], { T: float, data_format: 'NHWC' });
    graph.add('relu', 'Relu', ['sum'], { T: float });
  } else {
    half.add('conv', 'Conv2D', operands, attributes, [SHAPE, FILTER, [2, 6, 6, 4]]);
    half.add('sum', 'BiasAdd', ['conv', constant], { T: float, data_format: 'NHWC' }, [[2, 6, 6, 4], [4]]);
    half.add('relu', 'Relu', ['sum'], { T: float }, [[2, 6, 6, 4]]);
  }
  graph.add('y', 'Identity', [half.asFloat('relu')], { T: float });
  const session = await Session.load(graph.nodes);
  const [y] = session.run({ x: { dtype: 'float32', shape: SHAPE, values: x } }, ['y']);
  session.dispose();
  return y as Float32Array;
}

const isBfloat16 = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0]! & 0xffff) === 0;

it('gives the numbers of bfloat16’s kernels without them, too', async () => {
  const exact = await convolved(null);
  const native = await convolved(true);
  const rounded = await convolved(false);
  expect([...native].every(isBfloat16)).toBe(true);
  expect([...rounded].every(isBfloat16)).toBe(true);
  expect([...exact].every(isBfloat16)).toBe(false);
  // The order of sums may decide a rounding, and a kernel with bias has one rounding less: numbers lie 2^-7 apart.
  const largest = Math.max(...exact);
  rounded.forEach((value, i) => expect(Math.abs(value - native[i]!)).toBeLessThanOrEqual(2 ** -7 * largest));
  const deviations = exact.map((value, i) => Math.abs(value - rounded[i]!));
  expect(Math.max(...deviations)).toBeGreaterThan(1e-3);
  expect(Math.max(...deviations)).toBeLessThan(0.05);
});

it.each<[string, string[], (readonly number[])[], boolean]>([
  [
    'Add',
    ['half', 'half'],
    [
      [2, 16],
      [2, 16],
      [2, 16],
    ],
    true,
  ],
  [
    'Add',
    ['half', 'float'],
    [
      [2, 16],
      [2, 16],
      [2, 16],
    ],
    false,
  ],
  [
    'Mul',
    ['half', 'float'],
    [
      [2, 16],
      [2, 16],
      [2, 16],
    ],
    true,
  ],
  ['Mul', ['half', 'float'], [[2, 16], [], [2, 16]], false],
  [
    'Mul',
    ['float', 'float'],
    [
      [2, 16],
      [2, 16],
      [2, 16],
    ],
    false,
  ],
  ['ConcatV2', ['half', 'half', 'axis'], [[2, 8], [2, 8], [], [2, 16]], true],
  ['ConcatV2', ['half', 'float', 'axis'], [[2, 8], [2, 8], [], [2, 16]], false],
  ['ConcatV2', ['half', 'half', 'axis'], [[2, 8], [2, 4], [], [2, 12]], false],
  [
    'FusedBatchNormV3',
    ['half'],
    [
      [2, 1, 1, 32],
      [2, 1, 1, 32],
    ],
    true,
  ],
  [
    'FusedBatchNormV3',
    ['half'],
    [
      [2, 1, 1, 24],
      [2, 1, 1, 24],
    ],
    false,
  ],
  [
    'Exp',
    ['half'],
    [
      [2, 16],
      [2, 16],
    ],
    false,
  ],
])(
  'computes %s of %j in bfloat16 where that is fast and rounds no float32, %j',
  (op, operands, shapes, is) => {
    const half = new Bfloat16(new GraphBuilder(), 'cast');
    const attributes = { T: { type: DataType.float32 } };
    half.add('half', 'MatMul', ['float', 'float'], attributes, [], 'heavy');
    expect(half.takes('op', op, operands, attributes, shapes)).toBe(is);
  },
);
