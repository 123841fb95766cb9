import { avx2, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { constant, makeOp, opValue } from '../../graph/ops';
import { sharedStatistics } from './shared-statistics';
import { block, expectSameBlock, makeVariables, normalised, totalsOf } from '../../../test/batch-norms';
import { compiledOps } from '../../../test/compiled-ops';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';
import type { EntryPoint } from '../../trace/entry-point';

const CHANNELS = [4, 3, 2];
const totals = totalsOf(CHANNELS);

describe.each(['unbiased', 'biased'] as const)('moving variance %s', (movingVariance) => {
  it.each([true, false])('gives what each layer would compute by itself, training %p', async (training) => {
    const options = { training, momentum: 0.9, epsilon: 1e-3, movingVariance };
    await expectSameBlock(CHANNELS, options, [1, 3, 2]);
  });
});

it.each([
  [true, 1 + 2, 2],
  [false, 3, 0],
])('computes the statistics of each image once, training %p', (training, batchNorms, scalings) => {
  const variables = makeVariables(totals);
  const options = { training, momentum: 0.9, epsilon: 1e-3, movingVariance: 'unbiased' } as const;
  const entry: EntryPoint = {
    inputs: { x: { dtype: 'float32', shape: ['batch', 4, 3, 9] } },
    fn: ({ x }) => ({ y: block(variables, x!, CHANNELS, options) }),
  };
  const ops = compiledOps(entry, variables);
  const count = (name: string) => ops.filter(({ op }) => op === name).length;
  expect(count('FusedBatchNormV3')).toBe(batchNorms);
  expect(count('DepthwiseConv2dNative')).toBe(scalings);
});

it('takes the statistics of concatenations within one from their parts, too', async () => {
  const channels = [2, 2, 2, 2, 8];
  const [eager, compiled] = [makeVariables(channels), makeVariables(channels)];
  const options = { training: true, momentum: 0.9, epsilon: 1e-3, movingVariance: 'unbiased' } as const;
  const compute = (variables: readonly tf.Variable[], x: tf.Tensor): tf.Tensor => {
    const parts = tf.split(x, 4, 3);
    const alone = parts.map((part, i) => normalised(variables, i, part, options));
    const pairs = [tf.concat(parts.slice(0, 2), 3), tf.concat(parts.slice(2), 3)];
    return tf.addN([...alone, normalised(variables, 4, tf.concat(pairs, 3), options)]);
  };
  const entry: EntryPoint = {
    inputs: { x: { dtype: 'float32', shape: ['batch', 4, 3, 8] } },
    fn: ({ x }) => ({ y: compute(compiled, x!) }),
  };
  const program = await compile({ variables: compiled, entries: { main: entry } });
  const x = tf.randomNormal([3, 4, 3, 8], 0.3, 2, 'float32', 1);
  const expected = compute(eager, x).dataSync()[0]!;
  expect(program.run('main', { x: x.dataSync() as Float32Array })['y']![0]! / expected).toBeCloseTo(1, 5);
  program.dispose();
});

it('normalises by the statistics of the parts', () => {
  const float = DataType.float32;
  const norm = (image: ReturnType<typeof input>, channels: number) => {
    const vectors = ['factor', 'offset', 'mean', 'variance'].map((name) => input(name, [channels]));
    const vector = { dtype: float, shape: [channels] };
    const image4 = { dtype: float, shape: [N, 2, 2, channels] };
    const attributes = {
      T: { type: float },
      is_training: true,
      data_format: 'NHWC',
      epsilon: { float: 1 },
      exponential_avg_factor: { float: 1 },
    };
    return makeOp('FusedBatchNormV3', [image, ...vectors], attributes, [image4, ...Array(5).fill(vector)]);
  };
  const [a, b] = [input('a', [N, 2, 2, 4]), input('b', [N, 2, 2, 2])];
  const both = { dtype: float, shape: [N, 2, 2, 6] };
  const image = opValue('ConcatV2', [a, b, constant(DataType.int32, [], [3])], {}, both);
  const before = graphOf({ alone: valueOf(norm(a, 4)), together: valueOf(norm(image, 6)) });
  const vectors = 'factor, offset, mean, variance';
  expect(shown(before)).toEqual([
    `%0 = FusedBatchNormV3(a, ${vectors}) [N, 2, 2, 4]`,
    '%1 = ConcatV2(a, b, 3) [N, 2, 2, 6]',
    `%2 = FusedBatchNormV3(%1, ${vectors}) [N, 2, 2, 6]`,
    'alone = %0',
    'together = %2',
  ]);
  expect(passed(sharedStatistics, before, avx2)).toEqual([
    `%0 = FusedBatchNormV3(a, ${vectors}) [N, 2, 2, 4]`,
    '%1 = ConcatV2(a, b, 3) [N, 2, 2, 6]',
    '%2 = FusedBatchNormV3(b, (1, 1), (0, 0), (0, 0), (0, 0)) [N, 2, 2, 2]',
    '%3 = ConcatV2(%0:4, %2:4, 0) [6]',
    '%4 = AddV2(%3, 1) [6]',
    '%5 = Rsqrt(%4) [6]',
    '%6 = Mul(factor, %5) [6]',
    '%7 = Reshape(%6, (1, 1, 6, 1)) [1, 1, 6, 1]',
    '%8 = DepthwiseConv2dNative(%1, %7) [N, 2, 2, 6]',
    '%9 = ConcatV2(%0:3, %2:3, 0) [6]',
    '%10 = Mul(%9, %6) [6]',
    '%11 = Sub(offset, %10) [6]',
    '%12 = BiasAdd(%8, %11) [N, 2, 2, 6]',
    'alone = %0',
    'together = %12',
  ]);
});
