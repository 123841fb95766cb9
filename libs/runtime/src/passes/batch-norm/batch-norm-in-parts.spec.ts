import { blockEntry, expectSameBlock, makeVariables, totalsOf } from '../../../test/batch-norms';
import { compiledOps } from '../../../test/compiled-ops';
import { avx2, avx512, half, halfOps, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { type Op, type Value, valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { constant, elementwise, makeOp, opValue } from '../../graph/ops';
import { BATCH_NORM_GRADIENT, CHANNEL_STATISTICS, nativeLanes, NORMALISE } from '../../native-ops';
import { batchNormInParts } from './batch-norm-in-parts';

const float = DataType.float32;
const ours = [CHANNEL_STATISTICS, NORMALISE, BATCH_NORM_GRADIENT];

function norm(image: Value, channels: number, training = true): Op {
  const vectors = ['factor', 'offset', 'mean', 'variance'].map((name) => input(name, [channels]));
  const vector = { dtype: float, shape: [channels] };
  const attributes = {
    T: { type: float },
    is_training: training,
    data_format: 'NHWC',
    epsilon: { float: 1 },
    exponential_avg_factor: { float: 0.25 },
  };
  const outputs = [{ dtype: float, shape: [N, 2, 2, channels] }, ...Array<typeof vector>(5).fill(vector)];
  return makeOp('FusedBatchNormV3', [image, ...vectors], attributes, outputs);
}

/** The gradient of a batch-norm. */
function gradientOf(layer: Op, dy: Value): Op {
  const [image, factor] = layer.inputs as [Value, Value];
  const reserved = [3, 4, 5].map((output) => valueOf(layer, output));
  const outputs = [0, 1, 1, 1, 1].map((output) => layer.outputs[output]!);
  return makeOp('FusedBatchNormGradV3', [dy, image, factor, ...reserved], layer.attributes, outputs);
}

it('makes ops of ours of a batch-norm, its rectifier and their gradients', () => {
  const [x, dy] = [input('x', [N, 2, 2, 16]), input('dy', [N, 2, 2, 16])];
  const layer = norm(x, 16);
  const y = elementwise('Relu', valueOf(layer));
  const gradient = gradientOf(layer, elementwise('ReluGrad', dy, y));
  const before = graphOf({ y, moved: valueOf(layer, 2), dx: valueOf(gradient), dbeta: valueOf(gradient, 2) });
  expect(shown(before)).toEqual([
    '%0 = FusedBatchNormV3(x, factor, offset, mean, variance) [N, 2, 2, 16]',
    '%1 = Relu(%0) [N, 2, 2, 16]',
    '%2 = ReluGrad(dy, %1) [N, 2, 2, 16]',
    '%3 = FusedBatchNormGradV3(%2, x, factor, %0:3, %0:4, %0:5) [N, 2, 2, 16]',
    'y = %1',
    'moved = %0:2',
    'dx = %3',
    'dbeta = %3:2',
  ]);
  const factors = 'LabelRelaxationBatchNormFactors(x, %0, %0:1, factor, offset, mean, variance)';
  expect(passed(batchNormInParts, before, avx512, 'rectify', 'rate', 'lanes')).toEqual([
    '%0 = LabelRelaxationChannelStatistics(x) lanes={"int":16} [16]',
    `%1 = ${factors} rate={"float":0.25} [16]`,
    '%2 = LabelRelaxationNormalise(x, %1, %1:1) rectify=true lanes={"int":16} [N, 2, 2, 16]',
    '%3 = LabelRelaxationBatchNormGradient(dy, x, %1, %1:1, %0, %0:1) rectify=true lanes={"int":16} [N, 2, 2, 16]',
    'y = %2',
    'moved = %1:3',
    'dx = %3',
    'dbeta = %3:2',
  ]);
  expect([avx2, half, halfOps].map(batchNormInParts.appliesTo)).toEqual([true, false, true]);
});

it('rectifies nothing where there is no rectifier, and takes shorter vectors for fewer channels', () => {
  const [x, dy] = [input('x', [N, 2, 2, 12]), input('dy', [N, 2, 2, 12])];
  const layer = norm(x, 12);
  const before = graphOf({ y: valueOf(layer), dx: valueOf(gradientOf(layer, dy)) });
  expect(passed(batchNormInParts, before, avx512, 'rectify', 'lanes').slice(2, 4)).toEqual([
    '%2 = LabelRelaxationNormalise(x, %1, %1:1) rectify=false lanes={"int":8} [N, 2, 2, 12]',
    '%3 = LabelRelaxationBatchNormGradient(dy, x, %1, %1:1, %0, %0:1) rectify=false lanes={"int":8} [N, 2, 2, 12]',
  ]);
});

it('takes the statistics of a concatenation from those of its parts', () => {
  const [a, b] = [input('a', [N, 2, 2, 8]), input('b', [N, 2, 2, 16])];
  const type = { dtype: float, shape: [N, 2, 2, 24] };
  const both = opValue('ConcatV2', [a, b, constant(DataType.int32, [], [3])], {}, type);
  const before = graphOf({ alone: valueOf(norm(a, 8)), together: valueOf(norm(both, 24)) });
  const after = passed(batchNormInParts, before, avx2);
  expect(after.filter((line) => line.includes('ChannelStatistics'))).toEqual([
    '%0 = LabelRelaxationChannelStatistics(a) [8]',
    '%4 = LabelRelaxationChannelStatistics(b) [16]',
  ]);
  expect(after).toContain('%5 = ConcatV2(%0, %4, 0) [24]');
});

describe('a bias right before', () => {
  const type = { dtype: float, shape: [N, 2, 2, 16] };
  const [z, dy] = [input('z', [N, 2, 2, 16]), input('dy', [N, 2, 2, 16])];
  const x = opValue('BiasAdd', [z, input('bias', [16])], { data_format: 'NHWC' }, type);

  it('moves the mean alone', () => {
    const layer = norm(x, 16);
    const before = graphOf({
      y: valueOf(layer),
      moved: valueOf(layer, 1),
      dx: valueOf(gradientOf(layer, dy)),
    });
    expect(passed(batchNormInParts, before, avx2)).toEqual([
      '%0 = LabelRelaxationChannelStatistics(z) [16]',
      '%1 = Sub(mean, bias) [16]',
      '%2 = LabelRelaxationBatchNormFactors(z, %0, %0:1, factor, offset, %1, variance) [16]',
      '%3 = LabelRelaxationNormalise(z, %2, %2:1) [N, 2, 2, 16]',
      '%4 = AddV2(%2:2, bias) [16]',
      '%5 = LabelRelaxationBatchNormGradient(dy, z, %2, %2:1, %0, %0:1) [N, 2, 2, 16]',
      'y = %3',
      'moved = %4',
      'dx = %5',
    ]);
  });

  it('is added where something else reads the image too', () => {
    const before = graphOf({ y: valueOf(norm(x, 16)), other: elementwise('Relu', x) });
    expect(passed(batchNormInParts, before, avx2)).toContain(
      '%1 = LabelRelaxationChannelStatistics(%0) [16]',
    );
  });
});

it('normalises and rectifies by moving averages', () => {
  const y = elementwise('Relu', valueOf(norm(input('x', [N, 2, 2, 16]), 16, false)));
  expect(passed(batchNormInParts, graphOf({ y }), avx2, 'rectify')).toEqual([
    expect.stringMatching(/^%0 = AddV2\(variance, .*\) \[16\]$/u),
    '%1 = Rsqrt(%0) [16]',
    '%2 = Mul(factor, %1) [16]',
    '%3 = Mul(mean, %2) [16]',
    '%4 = Sub(offset, %3) [16]',
    '%5 = LabelRelaxationNormalise(x, %2, %4) rectify=true [N, 2, 2, 16]',
    'y = %5',
  ]);
});

it.each<[string, Op, number?]>([
  ['fewer channels than a vector has', norm(input('x', [N, 2, 2, 7]), 7)],
  ['what is read for a gradient by moving averages', norm(input('x', [N, 2, 2, 16]), 16, false), 3],
])('leaves %s', (_, layer, other = 0) => {
  const graph = graphOf({ y: valueOf(layer), other: valueOf(layer, other) });
  expect(batchNormInParts.run(graph, avx2, [graph])).toEqual(graph);
});

// Our ops have to be there on Linux on x64 with AVX2 (native-ops.spec.ts).
const whereOpsAre = nativeLanes() === null ? it.skip : it;

whereOpsAre.each(['unbiased', 'biased'] as const)(
  'gives what each layer would compute by itself: moving variance %s',
  async (movingVariance) => {
    const channels = [9, 8, 20];
    const variables = makeVariables(totalsOf(channels));
    const options = { training: true, momentum: 0.9, epsilon: 1e-3, movingVariance };
    const ops = compiledOps(blockEntry(variables, channels, options), variables).map(({ op }) => op);
    expect(ours.map((name) => ops.filter((op) => op === name).length)).toEqual([3, 3, 3]);
    expect(ops.filter((op) => op.startsWith('FusedBatchNorm') || op.startsWith('Relu'))).toEqual([]);
    await expectSameBlock(channels, options, [1, 3, 64]);
  },
);
