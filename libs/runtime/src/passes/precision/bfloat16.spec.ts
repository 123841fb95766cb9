import { half, input, N, passed, shown } from '../../../test/graphs';
import { runGraph } from '../../../test/run-graph';
import { DataType } from '../../binding';
import { type Graph, type Value, valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { constant, elementwise, makeOp, opValue } from '../../graph/ops';
import { CHANNEL_STATISTICS, CONVOLUTION, FILTER_GRADIENT, NORMALISED_PRODUCT } from '../../native-ops';
import { tf } from '../../tensorflow';
import { bfloat16 } from './bfloat16';
import { roundedBfloat16 } from './rounded-bfloat16';

const SHAPE = [2, 6, 6, 3] as const;
const FILTER = [3, 3, 3, 4] as const;
const wave = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)));
const x = wave(2 * 6 * 6 * 3, 0.7);
const bias = wave(4, 2.1);

const float = DataType.float32;
const ones = { int: [1, 1, 1, 1] };
const convolution = { strides: ones, padding: 'SAME', data_format: 'NHWC', dilations: ones };

/** A convolution with bias and rectifier. */
function layer(image: Value): Graph {
  const type = { dtype: float, shape: [2, 6, 6, 4] };
  const filter = constant(float, FILTER, wave(3 * 3 * 3 * 4, 1.3));
  const convolved = opValue('Conv2D', [image, filter], convolution, type);
  const sum = opValue('BiasAdd', [convolved, constant(float, [4], bias)], { data_format: 'NHWC' }, type);
  return graphOf({ y: elementwise('Relu', sum) });
}

it('computes heavy ops in bfloat16, and what is between them', () => {
  const before = layer(input('x', SHAPE));
  expect(shown(before)).toEqual([
    '%0 = Conv2D(x, constant [3, 3, 3, 4]) [2, 6, 6, 4]',
    '%1 = BiasAdd(%0, constant [4]) [2, 6, 6, 4]',
    '%2 = Relu(%1) [2, 6, 6, 4]',
    'y = %2',
  ]);
  expect(passed(bfloat16, before, half)).toEqual([
    '%0 = Cast(x) bfloat16 [2, 6, 6, 3]',
    '%1 = Cast(constant [3, 3, 3, 4]) bfloat16 [3, 3, 3, 4]',
    '%2 = Conv2D(%0, %1) bfloat16 [2, 6, 6, 4]',
    '%3 = Cast(constant [4]) bfloat16 [4]',
    '%4 = BiasAdd(%2, %3) bfloat16 [2, 6, 6, 4]',
    '%5 = Relu(%4) bfloat16 [2, 6, 6, 4]',
    '%6 = Cast(%5) [2, 6, 6, 4]',
    'y = %6',
  ]);
});

/** What a session gives for the layer, in float32 or in bfloat16 with or without kernels for it. */
async function convolved(kernels: 'none' | 'bfloat16' | 'rounded'): Promise<Float32Array> {
  let graph = layer(input('x', SHAPE));
  if (kernels !== 'none') graph = bfloat16.run(graph, half, []);
  if (kernels === 'rounded') graph = roundedBfloat16.run(graph, half, []);
  const { y } = await runGraph(graph, { x: tf.tensor(x, [...SHAPE]) });
  return y!;
}

const isBfloat16 = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0]! & 0xffff) === 0;

it('gives the numbers of bfloat16’s kernels without them, too', async () => {
  const exact = await convolved('none');
  const native = await convolved('bfloat16');
  const rounded = await convolved('rounded');
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

it('takes images alone of our own ops for bfloat16', () => {
  const type = (...shape: (number | typeof N)[]) => ({ dtype: float, shape });
  const vector = input('vector', [16]);
  const [x, w] = [input('x', [N, 4, 4, 16]), input('w', [3, 3, 16, 16])];
  const image = type(N, 4, 4, 16);
  const y = opValue(CONVOLUTION, [x, w], {}, image);
  const statistics = makeOp(CHANNEL_STATISTICS, [y], { T: { type: float } }, [type(16), type(16)]);
  const filter = input('filter', [1, 1, 16, 16]);
  const counts = { parts: { int: 1 }, count: { int: 2 } };
  const inputs = [y, valueOf(statistics), vector, filter, vector, x];
  const product = opValue(NORMALISED_PRODUCT, inputs, counts, image);
  const dw = opValue(FILTER_GRADIENT, [x, product], {}, type(3, 3, 16, 16));
  expect(passed(bfloat16, graphOf({ product, dw }), half)).toEqual([
    '%0 = Cast(x) bfloat16 [N, 4, 4, 16]',
    '%1 = LabelRelaxationConvolution3x3(%0, w) bfloat16 [N, 4, 4, 16]',
    '%2 = LabelRelaxationChannelStatistics(%1) [16]',
    '%3 = Cast(vector) bfloat16 [16]',
    '%4 = LabelRelaxationNormalisedProduct(%1, %2, vector, filter, %3, %0) bfloat16 [N, 4, 4, 16]',
    '%5 = LabelRelaxationConvolution3x3FilterGradient(%0, %4) [3, 3, 16, 16]',
    '%6 = Cast(%4) [N, 4, 4, 16]',
    'product = %6',
    'dw = %5',
  ]);
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
])('is where that is fast and rounds no float32: %s of %s, %j', (op, operands, channels, is) => {
  const shapes = channels.map((count) => (count === 0 ? [] : [N, 1, 1, count]));
  const inputs = operands.split(' ').map((name, i): Value => {
    const value = input(`${name}${i}`, shapes[i]!);
    const filter = input('filter', [1, 1, channels[i]!, channels[i]!]);
    const type = { dtype: float, shape: shapes[i]! };
    return name === 'half' ? opValue('Conv2D', [value, filter], convolution, type) : value;
  });
  const y = opValue(op, inputs, {}, { dtype: float, shape: shapes.at(-1)! });
  const line = passed(bfloat16, graphOf({ y }), half).find((text) => text.includes(` ${op}(`))!;
  expect(line.includes('bfloat16')).toBe(is);
});
