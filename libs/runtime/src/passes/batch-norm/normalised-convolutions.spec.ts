import { avx2, half, halfOps, input, N, passed, shown } from '../../../test/graphs';
import { compiledOps } from '../../../test/compiled-ops';
import { makeVariables } from '../../../test/batch-norms';
import { DataType } from '../../binding';
import { type Value, valueOf } from '../../graph/graph';
import { graphOf } from '../../graph/graph-of';
import { makeOp, opValue } from '../../graph/ops';
import { batchNorm } from '../../kernels/batch-norm';
import { conv2d } from '../../kernels/conv2d';
import { relu } from '../../kernels/relu';
import { CONVOLUTION, FILTER_GRADIENT, nativeLanes, NORMALISE } from '../../native-ops';
import { compile } from '../../program/program';
import { tf } from '../../tensorflow';
import type { EntryPoint } from '../../trace/entry-point';
import { normalisedConvolutions } from './normalised-convolutions';

const image = { dtype: DataType.float32, shape: [N, 4, 4, 16] };
const kernel = { dtype: DataType.float32, shape: [3, 3, 16, 16] };
const [x, dy, w] = [input('x', image.shape), input('dy', image.shape), input('w', kernel.shape)];
const lanes = { lanes: { int: 8 } };

function normalise(rectify: boolean): Value {
  const factors = [input('scale', [16]), input('shift', [16])];
  return opValue(NORMALISE, [x, ...factors], { rectify, ...lanes }, image);
}

function convolve(images: Value, turned = false): Value {
  return valueOf(makeOp(CONVOLUTION, [images, w], { turned, ...lanes }, [image]));
}

function filterGradient(images: Value, gradient = dy): Value {
  return valueOf(makeOp(FILTER_GRADIENT, [images, gradient], lanes, [kernel]));
}

it('has convolutions and their gradients by filters normalise what they read', () => {
  const norm = normalise(true);
  const before = graphOf({ y: convolve(norm), dw: filterGradient(norm) });
  expect(passed(normalisedConvolutions, before, avx2, 'turned', 'N')).toEqual([
    '%0 = LabelRelaxationConvolution3x3(x, w, scale, shift) turned=false N={"int":2} [N, 4, 4, 16]',
    '%1 = LabelRelaxationConvolution3x3FilterGradient(x, dy, scale, shift) N={"int":2} [3, 3, 16, 16]',
    'y = %0',
    'dw = %1',
  ]);
  expect([avx2, half, halfOps].map(normalisedConvolutions.appliesTo)).toEqual([true, false, true]);
});

it.each<[string, Record<string, Value>]>([
  ['what is not rectified', { y: convolve(normalise(false)) }],
  ['what another op reads too', ((norm) => ({ norm, y: convolve(norm) }))(normalise(true))],
  ['what a convolution reads as a gradient', { y: convolve(normalise(true), true) }],
  [
    'what is the gradient by what was convolved',
    ((norm) => ({ dw: filterGradient(norm, norm) }))(normalise(true)),
  ],
])('leaves %s', (_, outputs) => {
  const graph = graphOf(outputs);
  expect(passed(normalisedConvolutions, graph, avx2)).toEqual(shown(graph));
});

// Our ops have to be there on Linux on x64 with AVX2 (native-ops.spec.ts).
const whereOpsAre = nativeLanes() === null ? it.skip : it;

whereOpsAre('gives what TensorFlow gives, for any batch', async () => {
  const channels = 16;
  const norm = () => makeVariables([channels]);
  const filter = tf.variable(tf.randomNormal([3, 3, channels, 16], 0, 1, 'float32', 7));
  const [eager, compiled] = [norm(), norm()];
  const options = { training: true, momentum: 0.9, epsilon: 1e-3, movingVariance: 'unbiased' } as const;
  const compute = (variables: readonly tf.Variable[], images: tf.Tensor) => {
    const [gamma, beta, movingMean, movingVariance] = variables as [
      tf.Variable,
      tf.Variable,
      tf.Variable,
      tf.Variable,
    ];
    const loss = (one: tf.Tensor, kernel: tf.Tensor): tf.Tensor => {
      const normalised = batchNorm(
        one,
        { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, movingMean, movingVariance },
        options,
      );
      const y = conv2d(relu(normalised) as tf.Tensor4D, kernel as tf.Tensor4D, null, { padding: 'SAME' });
      return y.square().mean();
    };
    const { value, grads } = tf.valueAndGrads((one, kernel) => loss(one!, kernel!))([images, filter]);
    return { value, dx: grads[0]!, dw: grads[1]! };
  };
  const entry: EntryPoint = {
    inputs: { x: { dtype: 'float32', shape: ['batch', 7, 5, channels] } },
    fn: ({ x: images }) => compute(compiled, images!),
  };
  const ops = compiledOps(entry, [...compiled, filter]);
  expect(ops.filter(({ op }) => op === NORMALISE)).toEqual([]);
  expect(ops.filter(({ attributes }) => attributes['N'] !== undefined).map(({ op }) => op)).toEqual(
    expect.arrayContaining([CONVOLUTION, FILTER_GRADIENT]),
  );
  const program = await compile({ variables: [...compiled, filter], entries: { main: entry } });
  for (const size of [1, 3, 40]) {
    const images = tf.randomNormal([size, 7, 5, channels], 0.3, 2, 'float32', size);
    const expected = compute(eager, images);
    const results = program.run('main', { x: images.dataSync<'float32'>() });
    for (const name of ['value', 'dx', 'dw'] as const) {
      const values = expected[name].dataSync();
      const scale = Math.max(...values.map(Math.abs));
      results[name]!.forEach((value, i) => {
        expect(Math.abs(value - values[i]!)).toBeLessThan(1e-5 * scale);
      });
    }
  }
  program.dispose();
});
