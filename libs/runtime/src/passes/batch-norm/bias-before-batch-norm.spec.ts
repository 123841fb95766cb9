import { avx2, input, N, passed, shown } from '../../../test/graphs';
import { DataType } from '../../binding';
import { type Op, valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { makeOp, opValue } from '../../graph/ops';
import { biasBeforeBatchNorm } from './bias-before-batch-norm';
import { batchNorm } from '../../kernels/batch-norm';
import { biasAdd } from '../../kernels/bias-add';
import { BATCH_NORM_GRADIENT, NORMALISED_PRODUCT_GRADIENT } from '../../native-ops';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';

const SHAPE: [number, number, number, number] = [5, 3, 3, 4];

/** The gradient by a bias before a batch-norm, and that by its factor. */
function gradients(x: tf.Tensor, training: boolean): Record<'bias' | 'factor', tf.Tensor> {
  const moving = (): tf.Variable => tf.variable(tf.ones([4]), false);
  const variables = { beta: tf.zeros([4]) as tf.Tensor1D, movingMean: moving(), movingVariance: moving() };
  const options = { training, momentum: 0.99, epsilon: 1e-3, movingVariance: 'unbiased' } as const;
  const loss = (bias: tf.Tensor, gamma: tf.Tensor): tf.Tensor => {
    const y = batchNorm(biasAdd(x, bias), { ...variables, gamma: gamma as tf.Tensor1D }, options);
    return tf.relu(y).square().sum();
  };
  const [bias, factor] = tf.grads(loss)([tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([2, -1, 0.5, 3])]);
  return { bias: bias!, factor: factor! };
}

it.each([true, false])('is zero if the batch-norm is trained, and only then: %p', async (training) => {
  const x = tf.randomNormal(SHAPE, 0, 1, 'float32', 1);
  const program = await compile({
    variables: [],
    entries: {
      main: {
        inputs: { x: { dtype: 'float32', shape: ['batch', ...SHAPE.slice(1)] } },
        fn: (inputs) => gradients(inputs['x']!, training),
      },
    },
  });
  const { bias, factor } = program.run('main', { x: x.dataSync() as Float32Array });
  program.dispose();
  const expected = gradients(x, training);
  expected.bias.dataSync().forEach((value, i) => expect(bias![i]).toBeCloseTo(value, 3));
  expected.factor.dataSync().forEach((value, i) => expect(factor![i]).toBeCloseTo(value, 3));
  expect(Array.from(bias!).every((value) => value === 0)).toBe(training);
});

it('puts zeros in the place of the gradient', () => {
  const type = (...shape: (number | typeof N)[]) => ({ dtype: DataType.float32, shape });
  const inputs = ['dy', 'x', 'factor', 'mean', 'variance', 'reserved'].map((name) => input(name, [4]));
  const gradient = (is_training: boolean) => {
    const types = [type(N, 3, 3, 4), type(4), type(4)];
    const norm = makeOp('FusedBatchNormGradV3', inputs, { is_training }, types);
    return opValue('BiasAddGrad', [valueOf(norm)], { data_format: 'NHWC' }, type(4));
  };
  const before = graphOf({ trained: gradient(true), fixed: gradient(false) });
  const names = 'dy, x, factor, mean, variance, reserved';
  expect(shown(before)).toEqual([
    `%0 = FusedBatchNormGradV3(${names}) [N, 3, 3, 4]`,
    '%1 = BiasAddGrad(%0) [4]',
    `%2 = FusedBatchNormGradV3(${names}) [N, 3, 3, 4]`,
    '%3 = BiasAddGrad(%2) [4]',
    'trained = %1',
    'fixed = %3',
  ]);
  expect(passed(biasBeforeBatchNorm, before, avx2)).toEqual([
    `%0 = FusedBatchNormGradV3(${names}) [N, 3, 3, 4]`,
    '%1 = BiasAddGrad(%0) [4]',
    'trained = (0, 0, 0, 0)',
    'fixed = %1',
  ]);
});

it('knows the gradients of our own ops, and what is more than one', () => {
  const image = { dtype: DataType.float32, shape: [N, 3, 3, 4] };
  const gradient = (op: string, attributes: Op['attributes'] = {}) => {
    const dx = makeOp(op, [input('dy', image.shape)], attributes, [image]);
    const type = { dtype: DataType.float32, shape: [4] };
    return opValue('BiasAddGrad', [valueOf(dx)], { data_format: 'NHWC' }, type);
  };
  const product = (count: number) => gradient(NORMALISED_PRODUCT_GRADIENT, { count: { int: count } });
  const before = graphOf({ norm: gradient(BATCH_NORM_GRADIENT), product: product(0), sum: product(1) });
  expect(passed(biasBeforeBatchNorm, before, avx2)).toEqual([
    `%0 = ${NORMALISED_PRODUCT_GRADIENT}(dy) [N, 3, 3, 4]`,
    '%1 = BiasAddGrad(%0) [4]',
    'norm = (0, 0, 0, 0)',
    'product = (0, 0, 0, 0)',
    'sum = %1',
  ]);
});
