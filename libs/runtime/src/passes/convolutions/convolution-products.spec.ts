import { anywhere, avx2, avx512, passed } from '../../../test/graphs';
import { convolutionGraph } from '../../../test/convolutions';
import { convolutionProducts } from './convolution-products';
import { compiledOps } from '../../../test/compiled-ops';
import { conv2d } from '../../kernels/conv2d';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';
import type { EntryPoint } from '../../trace/entry-point';

let mockAvx2Alone = false;
jest.mock('../../processor', () => ({
  ...jest.requireActual<object>('../../processor'),
  hasAvx2Alone: () => mockAvx2Alone,
}));

interface Case {
  readonly pixels: number;
  readonly filter: number;
  readonly padding: 'SAME' | 'VALID';
  readonly bias: boolean;
  readonly precision: 'float32' | 'bfloat16';
  readonly avx2Alone: boolean;
}

const CHANNELS = 3;

/** A convolution and its gradients. */
function convolved({ padding }: Case, x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor | null): tf.Tensor[] {
  const weighted = (image: tf.Tensor, kernel: tf.Tensor, offset?: tf.Tensor): tf.Tensor => {
    const y = conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, (offset ?? null) as tf.Tensor1D, {
      padding,
    });
    return y.square().sum();
  };
  return tf.grads(weighted)(bias === null ? [x, filter] : [x, filter, bias]);
}

function entryOf(options: Case, filters: number): { variables: tf.Variable[]; entry: EntryPoint } {
  const { pixels, filter, bias, precision } = options;
  const kernel = tf.variable(tf.randomNormal([filter, filter, CHANNELS, filters], 0, 1, 'float32', 1));
  const offset = bias ? tf.variable(tf.randomNormal([filters], 0, 1, 'float32', 2)) : null;
  return {
    variables: offset === null ? [kernel] : [kernel, offset],
    entry: {
      precision,
      inputs: { x: { dtype: 'float32', shape: ['batch', pixels, pixels, CHANNELS] } },
      fn: ({ x }) =>
        Object.fromEntries(convolved(options, x!, kernel, offset).map((value, i) => [`output${i}`, value])),
    },
  };
}

/** The heavy ops of a compiled convolution and what else is a choice, sorted. */
function opsOf(options: Case, filters: number): string {
  const { variables, entry } = entryOf(options, filters);
  const choices = /^(?:Conv2D.*|MatMul|BatchMatMulV2|BiasAddGrad|Sum|ExtractImagePatches)$/u;
  return compiledOps(entry, variables)
    .map(({ op }) => op)
    .filter((op) => choices.test(op))
    .sort()
    .join(' ');
}

const some: Case = {
  pixels: 4,
  filter: 3,
  padding: 'SAME',
  bias: false,
  precision: 'float32',
  avx2Alone: false,
};
const avx2Alone = { ...some, avx2Alone: true };
const half = { ...some, precision: 'bfloat16' } as const;
const ALL_PRODUCTS = 'BatchMatMulV2 ExtractImagePatches ExtractImagePatches MatMul MatMul MatMul';

it.each<[string, Case, number, string]>([
  ['all of 2x2 pixels', { ...some, pixels: 2 }, 4, ALL_PRODUCTS],
  ['all of 4x4 pixels that give 2x2', { ...some, padding: 'VALID' }, 4, ALL_PRODUCTS],
  ['the input of 4x4', some, 4, 'BatchMatMulV2 Conv2D Conv2DBackpropFilter MatMul'],
  ['the filter of 4x4 on AVX2', avx2Alone, 4, 'Conv2D Conv2DBackpropInput ExtractImagePatches MatMul'],
  ['both of 4x4 in bfloat16', half, 4, 'BatchMatMulV2 Conv2D ExtractImagePatches MatMul MatMul'],
  ['nothing of 5x5', { ...avx2Alone, pixels: 5 }, 4, 'Conv2D Conv2DBackpropFilter Conv2DBackpropInput'],
  ['a filter of 1x1 on AVX2', { ...avx2Alone, filter: 1 }, 3, 'Conv2D Conv2DBackpropInput MatMul'],
  ['no growing one', { ...avx2Alone, filter: 1 }, 4, 'Conv2D Conv2DBackpropFilter Conv2DBackpropInput'],
  ['no filter of 1x1', { ...some, filter: 1 }, 3, 'Conv2D Conv2DBackpropFilter Conv2DBackpropInput'],
  [
    'a filter of 1x1 and 17x17 pixels in bfloat16',
    { ...half, filter: 1, pixels: 17 },
    4,
    'Conv2D Conv2DBackpropInput MatMul',
  ],
  [
    'none with a bias',
    { ...half, filter: 1, pixels: 17, bias: true },
    4,
    'BiasAddGrad Conv2D Conv2DBackpropFilter Conv2DBackpropInput',
  ],
  [
    'a few biases',
    { ...some, pixels: 6, bias: true },
    4,
    'Conv2D Conv2DBackpropFilter Conv2DBackpropInput Sum',
  ],
  [
    'many biases',
    { ...some, pixels: 6, bias: true },
    64,
    'BiasAddGrad Conv2D Conv2DBackpropFilter Conv2DBackpropInput',
  ],
])('has products where they are faster, with the same results: %s', async (_, options, filters, ops) => {
  mockAvx2Alone = options.avx2Alone;
  expect(opsOf(options, filters)).toBe(ops);

  const { variables, entry } = entryOf(options, filters);
  const program = await compile({ variables, entries: { main: entry } });
  const shape: [number, number, number, number] = [3, options.pixels, options.pixels, CHANNELS];
  const x = tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', 4);
  const [filter, bias = null] = variables;
  const expected = convolved(options, x, filter!, bias).map((value) => value.dataSync());
  const results = program.run('main', { x: x.dataSync() as Float32Array });
  program.dispose();

  const tolerance = options.precision === 'float32' ? 1e-5 : 0.02;
  expected.forEach((values, i) => {
    const scale = Math.max(...values.map(Math.abs));
    results[`output${i}`]!.forEach((value, place) => {
      expect(Math.abs(value - values[place]!)).toBeLessThan(tolerance * scale);
    });
  });
});

it('makes products of windows where there are few pixels', () => {
  const before = convolutionGraph({ pixels: 2, filter: 3, channels: 8, filters: 16 });
  expect(passed(convolutionProducts, before, avx512, 'transpose_a', 'transpose_b')).toEqual([
    '%0 = ExtractImagePatches(x) [N, 2, 2, 72]',
    '%1 = Reshape(%0, (-1, 72)) [4N, 72]',
    '%2 = Reshape(w, (72, 16)) [72, 16]',
    '%3 = MatMul(%1, %2) transpose_a=false transpose_b=false [4N, 16]',
    '%4 = Reshape(%3, (-1, 2, 2, 16)) [N, 2, 2, 16]',
    '%5 = Reshape(dy, (-1, 16)) [4N, 16]',
    '%6 = Reshape(w, (72, 16)) [72, 16]',
    '%7 = MatMul(%5, %6) transpose_a=false transpose_b=true [4N, 72]',
    '%8 = Reshape(%7, (-1, 36, 8)) [N, 36, 8]',
    '%9 = BatchMatMulV2(constant [1, 4, 36], %8) [N, 4, 8]',
    '%10 = Reshape(%9, (-1, 2, 2, 8)) [N, 2, 2, 8]',
    '%11 = ExtractImagePatches(x) [N, 2, 2, 72]',
    '%12 = Reshape(%11, (-1, 72)) [4N, 72]',
    '%13 = Reshape(dy, (-1, 16)) [4N, 16]',
    '%14 = MatMul(%12, %13) transpose_a=true transpose_b=false [72, 16]',
    '%15 = Reshape(%14, (3, 3, 8, 16)) [3, 3, 8, 16]',
    'y = %4',
    'dx = %10',
    'dw = %15',
  ]);
  expect([avx2, anywhere].map(convolutionProducts.appliesTo)).toEqual([true, false]);
});
