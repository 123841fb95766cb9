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
  // The order of sums may decide a rounding, and a kernel with bias doesn't round before it adds the bias. Numbers lie
  // up to 2^-7 of their value apart.
  rounded.forEach((value, i) => {
    const beforeBias = Math.abs(value) + Math.abs(bias[i % bias.length]!);
    expect(Math.abs(value - native[i]!)).toBeLessThanOrEqual(2 ** -7 * beforeBias);
  });
  const deviations = exact.map((value, i) => Math.abs(value - rounded[i]!));
  expect(Math.max(...deviations)).toBeGreaterThan(1e-3);
  expect(Math.max(...deviations)).toBeLessThan(0.05);
});

// Channels of the inputs and of the output; 0 stands for a scalar.
it.each<[string, string, number[], boolean]>([
  ['Add', 'half half', [16, 16, 16], true],
  ['Add', 'half float', [16, 16, 16], false],
  ['Mul', 'half half', [16, 16, 16], false],
  ['ConcatV2', 'half half axis', [8, 8, 0, 16], true],
  ['ConcatV2', 'half float axis', [8, 8, 0, 16], false],
  ['ConcatV2', 'half half axis', [8, 4, 0, 12], false],
  ['FusedBatchNormV3', 'half', [32, 32], true],
  ['FusedBatchNormV3', 'half', [24, 24], false],
  ['ReluGrad', 'half half', [16, 16, 16], true],
  ['ReluGrad', 'half float', [16, 16, 16], false],
  ['Exp', 'half', [16, 16], false],
])(
  'computes in bfloat16 where that is fast and rounds no float32: %s of %s, %j',
  (op, operands, channels, is) => {
    const half = new Bfloat16(new GraphBuilder(), 'cast');
    const attributes = { T: { type: DataType.float32 } };
    half.add('half', 'MatMul', ['float', 'float'], attributes, [], 'heavy');
    const shapes = channels.map((count) => (count === 0 ? [] : [2, 1, 1, count]));
    expect(half.takes('op', op, operands.split(' '), attributes, shapes)).toBe(is);
  },
);
