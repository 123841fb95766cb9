import { compiledOps } from '../../../test/compiled-ops';
import { anywhere, avx2, half, halfOps, input, N, passed, shown } from '../../../test/graphs';
import { near, normal } from '../../../test/tensors';
import { DataType } from '../../binding';
import { type Value, valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { constant, elementwise, ints, makeOp, opValue } from '../../graph/ops';
import { batchNorm } from '../../kernels/batch-norm';
import { conv2d } from '../../kernels/conv2d';
import { relu } from '../../kernels/relu';
import { nativeLanes, NORMALISED_PRODUCT, NORMALISED_PRODUCT_GRADIENT } from '../../native-ops';
import { hasBfloat16Products } from '../../processor';
import { compile } from '../../program/program';
import { tf } from '../../tensorflow';
import type { EntryPoint } from '../../trace/entry-point';
import { batchNormInParts } from './batch-norm-in-parts';
import { normalisedProducts } from './normalised-products';

/** A layer's variables: factor and offset of the batch-norm, filter and bias of the convolution, moving averages. */
type Variables = readonly [tf.Variable, tf.Variable, tf.Variable, tf.Variable, tf.Variable, tf.Variable];

function variablesOf(channels: number, filters: number, size = 1): Variables {
  const vector = (count: number, seed: number, trainable = true): tf.Variable =>
    tf.variable(tf.randomUniform([count], 0.5, 1, 'float32', seed), trainable);
  const filter = tf.variable(normal([size, size, channels, filters], 3));
  const moving = [vector(channels, 5, false), vector(channels, 6, false)] as const;
  return [vector(channels, 1), vector(channels, 2), filter, vector(filters, 4), ...moving];
}

interface Options {
  readonly training?: boolean;
  readonly strides?: number;
  readonly bias?: boolean;
}

function activated(x: tf.Tensor, variables: Variables, training = true): tf.Tensor4D {
  const [gamma, beta, , , movingMean, movingVariance] = variables;
  const norm = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, movingMean, movingVariance };
  const options = { training, momentum: 0.9, epsilon: 1e-3, movingVariance: 'unbiased' } as const;
  return relu(batchNorm(x, norm, options)) as tf.Tensor4D;
}

function convolved(
  x: tf.Tensor4D,
  variables: Variables,
  { strides = 1, bias = false }: Options = {},
): tf.Tensor4D {
  const [, , filter, offset] = variables;
  const padding = 'SAME';
  return conv2d(x, filter as tf.Tensor4D, bias ? (offset as tf.Tensor1D) : null, { strides, padding });
}

/** Batch-norm, rectifier and convolution. */
function layer(x: tf.Tensor, variables: Variables, options: Options = {}): tf.Tensor4D {
  return convolved(activated(x, variables, options.training), variables, options);
}

interface Case {
  /** Channels and filters of each layer. */
  readonly layers: readonly (readonly [number, number, number?])[];
  readonly compute: (x: tf.Tensor4D, layers: readonly Variables[]) => tf.Tensor;
  /** How many products and gradients of products there are, and how many tensors the latter add to theirs. */
  readonly ops: readonly [number, number, number];
}

const dense = (x: tf.Tensor4D, layers: readonly Variables[]): tf.Tensor =>
  layers.reduce<tf.Tensor4D>((all, own) => tf.concat([all, layer(all, own)], 3), x);

const cases: readonly [string, Case][] = [
  ['one layer', { layers: [[9, 4]], compute: (x, [a]) => layer(x, a!), ops: [1, 1, 0] }],
  [
    'layers with biases',
    {
      layers: [
        [9, 10],
        [10, 4],
      ],
      compute: (x, [a, b]) => layer(layer(x, a!, { bias: true }), b!, { bias: true }),
      ops: [2, 2, 0],
    },
  ],
  [
    'a sum with what came in',
    { layers: [[9, 9]], compute: (x, [a]) => layer(x, a!, { bias: true }).add(x), ops: [1, 1, 1] },
  ],
  [
    'a dense block',
    {
      layers: [
        [9, 8],
        [17, 8],
        [25, 8],
      ],
      compute: dense,
      ops: [3, 3, 3],
    },
  ],
  [
    'no gradient by way of moving averages',
    { layers: [[9, 4]], compute: (x, [a]) => layer(x, a!, { training: false }), ops: [0, 0, 0] },
  ],
  ['no stride', { layers: [[9, 4]], compute: (x, [a]) => layer(x, a!, { strides: 2 }), ops: [0, 0, 0] }],
  ['no larger filter', { layers: [[9, 4, 2]], compute: (x, [a]) => layer(x, a!), ops: [0, 0, 0] }],
  [
    'nothing that somebody else reads',
    {
      layers: [[9, 9]],
      compute: (x, [a]) => {
        const z = activated(x, a!);
        return convolved(z, a!).add(z);
      },
      ops: [0, 0, 0],
    },
  ],
];

const withOps = nativeLanes() === null ? it.skip : it;

withOps.each(cases)('takes in, with the same results: %s', async (_, { layers, compute, ops }) => {
  const variables = layers.map(([channels, filters, size]) => variablesOf(channels, filters, size));
  const channels = layers[0]![0];
  const trained = (own: readonly Variables[]) => own.flatMap((all) => all.slice(0, 3));
  const outputsOf = (x: tf.Tensor, own: readonly Variables[]): Record<string, tf.Tensor> => {
    const loss = (image: tf.Tensor, ...values: tf.Tensor[]): tf.Scalar => {
      const now = own.map(
        (all, i) => [...values.slice(3 * i, 3 * i + 3), ...all.slice(3)] as never as Variables,
      );
      const y = compute(image as tf.Tensor4D, now);
      return tf.sum(tf.square(y));
    };
    const { value, grads } = tf.valueAndGrads(loss as never)([x, ...trained(own)] as never);
    const named = (grads as tf.Tensor[]).map((gradient, i) => [`gradient${i}`, gradient] as const);
    return { value, ...Object.fromEntries(named) };
  };
  const entry: EntryPoint = {
    inputs: { x: { dtype: 'float32', shape: ['batch', 5, 6, channels] } },
    fn: ({ x }) => outputsOf(x!, variables),
  };
  const nodes = compiledOps(entry, variables.flat());
  const gradients = nodes.filter(({ op }) => op === NORMALISED_PRODUCT_GRADIENT);
  const added = gradients.map(({ attributes }) => (attributes['count'] as { int: number }).int);
  const products = nodes.filter(({ op }) => op === NORMALISED_PRODUCT).length;
  expect([products, gradients.length, added.reduce((sum, count) => sum + count, 0)]).toEqual(ops);

  const program = await compile({ variables: variables.flat(), entries: { main: entry } });
  for (const batch of [1, 4]) {
    const x = normal([batch, 5, 6, channels], batch);
    const results = program.run('main', { x: x.dataSync() as Float32Array });
    const expected = outputsOf(x, variables);
    for (const [name, tensor] of Object.entries(expected)) {
      near(results[name]!, Float64Array.from(tensor.dataSync()), 2e-5);
    }
    const read = program.read();
    variables.flat().forEach((one, i) => near(read[i]!, Float64Array.from(one.dataSync()), 2e-5));
  }
  program.dispose();
});

const withHalfOps = nativeLanes() === 16 && hasBfloat16Products() ? it : it.skip;

withHalfOps('computes in bfloat16, too, to its digits', async () => {
  const variables = [variablesOf(32, 64), variablesOf(64, 32)];
  const trained = [...variables[0]!.slice(0, 3), ...variables[1]!.slice(0, 4)];
  const entryOf = (precision: 'float32' | 'bfloat16'): EntryPoint => ({
    precision,
    inputs: { x: { dtype: 'float32', shape: ['batch', 5, 6, 32] } },
    fn: ({ x }) => {
      const [a, b] = variables as [Variables, Variables];
      const { value, grads } = tf.variableGrads(() => {
        const y = layer(layer(x!, a), b, { bias: true }).add(x!);
        return tf.sum(tf.square(y)) as tf.Scalar;
      }, trained);
      const named = trained.map(({ name }, i) => [`gradient${i}`, grads[name]!] as const);
      return { value, ...Object.fromEntries(named) };
    },
  });
  const entries = { float32: entryOf('float32'), bfloat16: entryOf('bfloat16') };
  const program = await compile({ variables: variables.flat(), entries });
  const x = normal([4, 5, 6, 32], 1).dataSync() as Float32Array;
  const [expected, results] = [program.run('float32', { x }), program.run('bfloat16', { x })];
  const halves = compiledOps(entries.bfloat16, variables.flat()).map(({ op }) => op);
  expect(halves.filter((op) => op === NORMALISED_PRODUCT_GRADIENT)).toHaveLength(2);
  for (const [name, values] of Object.entries(expected))
    near(results[name]!, Float64Array.from(values), 6e-2);
  program.dispose();
});

withOps('normalises by moving averages', async () => {
  const variables = variablesOf(9, 4);
  const entry: EntryPoint = {
    inputs: { x: { dtype: 'float32', shape: ['batch', 5, 6, 9] } },
    fn: ({ x }) => ({ y: layer(x!, variables, { training: false, bias: true }) }),
  };
  const ops = compiledOps(entry, variables).map(({ op }) => op);
  expect(ops.sort()).toEqual(['AddV2', NORMALISED_PRODUCT, 'Mul', 'Mul', 'Rsqrt', 'Sub']);
  const program = await compile({ variables, entries: { main: entry } });
  const x = normal([3, 5, 6, 9], 1);
  const { y } = program.run('main', { x: x.dataSync() as Float32Array });
  program.dispose();
  near(y!, Float64Array.from(layer(x, variables, { training: false, bias: true }).dataSync()));
});

it('makes one op of a layer, and one of its gradients', () => {
  const type = (...shape: (number | typeof N)[]) => ({ dtype: DataType.float32, shape });
  const T = { type: DataType.float32 };
  const [image, narrow, vector] = [type(N, 2, 2, 16), type(N, 2, 2, 3), type(16)];
  const [a, b, w, bias] = [
    input('a', [N, 2, 2, 8]),
    input('b', [N, 2, 2, 8]),
    input('w', [1, 1, 16, 3]),
    input('bias', [3]),
  ];
  const [dy, all] = [input('dy', narrow.shape), input('all', [N, 2, 2, 20])];
  const shortcut = input('shortcut', narrow.shape);
  const biased = (value: Value): Value => opValue('BiasAdd', [value, bias], { data_format: 'NHWC' }, narrow);
  const x = opValue('ConcatV2', [a, b, constant(DataType.int32, [], [3])], { T }, image);
  const vectors = ['gamma', 'beta', 'mean', 'variance'].map((name) => input(name, [16]));
  const attributes = { T, is_training: true, data_format: 'NHWC', epsilon: { float: 1 } };
  const rate = { exponential_avg_factor: { float: 1 } };
  const types = [image, vector, vector, vector, vector, type(1)];
  const norm = makeOp('FusedBatchNormV3', [x, ...vectors], { ...attributes, ...rate }, types);
  const z = elementwise('Relu', valueOf(norm));
  const ones = { int: [1, 1, 1, 1] };
  const convolution = { T, strides: ones, dilations: ones, data_format: 'NHWC', padding: 'VALID' };
  const y = opValue('Conv2D', [z, w], convolution, narrow);
  const split = makeOp('SplitV', [all, ints(16, 4), ints(3)], {}, [image, type(N, 2, 2, 4)]);
  const dz = opValue('Conv2DBackpropInput', [ints(1, 2, 2, 16), w, dy], convolution, image);
  const statistics = [3, 4, 5].map((output) => valueOf(norm, output));
  const gradient = makeOp(
    'FusedBatchNormGradV3',
    [elementwise('ReluGrad', dz, z), x, vectors[0]!, ...statistics],
    attributes,
    [image, vector, vector, type(1), type(1)],
  );
  const graph = graphOf({
    sum: elementwise('Add', ...([y, shortcut].map(biased) as [Value, Value])),
    rest: valueOf(split, 1),
    dw: opValue('Conv2DBackpropFilter', [z, ints(1, 1, 16, 3), dy], convolution, type(1, 1, 16, 3)),
    dx: elementwise('Add', valueOf(split), valueOf(gradient)),
    dgamma: valueOf(gradient, 1),
    dbias: opValue('BiasAddGrad', [dy], { data_format: 'NHWC' }, type(3)),
  });
  const before = batchNormInParts.run(graph, avx2, [graph]);
  expect(shown(before).slice(5)).toEqual([
    '%5 = LabelRelaxationBatchNormFactors(a, %3, %4, gamma, beta, mean, variance) [16]',
    '%6 = LabelRelaxationNormalise(%0, %5, %5:1) [N, 2, 2, 16]',
    '%7 = Conv2D(%6, w) [N, 2, 2, 3]',
    '%8 = BiasAdd(%7, bias) [N, 2, 2, 3]',
    '%9 = BiasAdd(shortcut, bias) [N, 2, 2, 3]',
    '%10 = Add(%8, %9) [N, 2, 2, 3]',
    '%11 = SplitV(all, (16, 4), (3)) [N, 2, 2, 16]',
    '%12 = Conv2DBackpropFilter(%6, (1, 1, 16, 3), dy) [1, 1, 16, 3]',
    '%13 = Conv2DBackpropInput((1, 2, 2, 16), w, dy) [N, 2, 2, 16]',
    '%14 = LabelRelaxationBatchNormGradient(%13, %0, %5, %5:1, %3, %4) [N, 2, 2, 16]',
    '%15 = Add(%11, %14) [N, 2, 2, 16]',
    '%16 = BiasAddGrad(dy) [3]',
    'sum = %10',
    'rest = %11:1',
    'dw = %12',
    'dx = %15',
    'dgamma = %14:1',
    'dbias = %16',
  ]);
  const parts = (count: number): string => `parts={"int":2} count={"int":${count}}`;
  expect(passed(normalisedProducts, before, avx2, 'parts', 'count').slice(4)).toEqual([
    '%4 = LabelRelaxationBatchNormFactors(a, %2, %3, gamma, beta, mean, variance) [16]',
    `%5 = ${NORMALISED_PRODUCT}(a, b, %4, %4:1, w, bias, shortcut, bias) ${parts(3)} [N, 2, 2, 3]`,
    '%6 = Slice(all, (0, 0, 0, 16), (-1, -1, -1, 4)) [N, 2, 2, 4]',
    `%7 = ${NORMALISED_PRODUCT_GRADIENT}(dy, a, b, %4, %4:1, %2, %3, w, all) ${parts(1)} [N, 2, 2, 16]`,
    'sum = %5',
    'rest = %6',
    'dw = %7:1',
    'dx = %7',
    'dgamma = %7:2',
    'dbias = %7:4',
  ]);
  expect([avx2, half, halfOps, anywhere].map(normalisedProducts.appliesTo)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
