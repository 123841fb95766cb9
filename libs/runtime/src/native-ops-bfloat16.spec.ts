import { inBfloat16, normalHalves, type Operand } from '../test/bfloat16';
import { near, normal } from '../test/tensors';
import { DataType } from './binding';
import {
  BATCH_NORM_GRADIENT,
  CHANNEL_STATISTICS,
  CONVOLUTION,
  FILTER_GRADIENT,
  nativeLanes,
  NORMALISE,
  NORMALISED_PRODUCT,
  NORMALISED_PRODUCT_GRADIENT,
} from './native-ops';
import { op, type OpAttribute } from './op';
import { instructionSets } from './processor';
import { tf } from './tensorflow';

/** Without AVX-512 there are vectors of 16 floats where `test:ops` makes all code of AVX2's instructions, that for bfloat16, too. */
const sets = instructionSets();
const isHere = nativeLanes() === 16 && (sets.has('avx512_bf16') || !sets.has('avx512f'));

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const EPSILON = { epsilon: { float: 1e-3 } };

const half = (tensor: tf.Tensor): Operand => ({ tensor, half: true });
const float = (tensor: tf.Tensor): Operand => ({ tensor, half: false });
const image = (shape: readonly number[], seed: number): Operand => half(normalHalves(shape, seed));

/**
 * Compares with the op in float32, which other specs compare with double precision: images and filters are numbers of
 * bfloat16, so that what is between and what comes out alone is rounded.
 */
async function expectNear(
  name: string,
  attributes: Record<string, OpAttribute>,
  operands: readonly Operand[],
  halves: readonly boolean[],
  tolerance: number,
): Promise<void> {
  const expected = op(
    name,
    attributes,
    operands.map(({ tensor }) => tensor),
    halves.length,
  );
  const types = expected.map(({ shape }, i) => ({
    dtype: halves[i] ? DataType.bfloat16 : DataType.float32,
    shape,
  }));
  const results = await inBfloat16(name, attributes as never, operands, types);
  results.forEach((values, i) => near(values, Float64Array.from(expected[i]!.dataSync()), tolerance));
}

(isHere ? describe : describe.skip).each([8, 16])('in bfloat16, with vectors of %d floats', (lanes) => {
  const width = { lanes: { int: lanes } };

  it.each([
    ['one pixel', [1, 1, 1], [16], 16],
    ['fewer channels than a vector', [3, 5, 7], [2], 6],
    ['a vector and some channels', [2, 3, 3], [18], 22],
    ['a pixel more than are packed at once', [1, 7, 7], [24], 48],
    ['several sums, with a gradient that is kept', [5, 17, 19], [20], 130],
    ['several parts, of odd numbers of channels', [2, 7, 9], [9, 12, 13], 48],
  ] as const)('products of normalised images: %s', async (_, images, parts, filters) => {
    const channels = parts.reduce<number>((sum, count) => sum + count, 0);
    const xs = parts.map((count, i) => image([...images, count], 20 + i));
    const [scale, shift, mean] = [4, 5, 6].map((seed) => float(normal([channels], seed)));
    const variance = float(normal([channels], 7).square());
    const filter = float(normalHalves([1, 1, channels, filters], 8));
    const [dy, same] = [9, 10].map((seed) => image([...images, filters], seed)) as [Operand, Operand];
    const [bias, wider] = [image([filters], 11), image([...images, channels + 3], 12)];
    const counts = { parts: { int: xs.length }, count: { int: 2 }, ...width };
    const forward = [...xs, scale!, shift!, filter, bias, same];
    await expectNear(NORMALISED_PRODUCT, counts, forward, [true], 6e-3);
    const backward = [dy, ...xs, scale!, shift!, mean!, variance, filter, wider, wider];
    const halves = [true, false, false, false, false];
    await expectNear(NORMALISED_PRODUCT_GRADIENT, { ...counts, ...EPSILON }, backward, halves, 3e-2);
  });

  it.each([
    [5, 4],
    [4, 3],
  ])('refuses products of %d channels by %d filters', async (channels, filters) => {
    const vectors = [4, 5].map((seed) => float(normal([channels], seed)));
    const operands = [image([1, 3, 3, channels], 1), ...vectors, float(normal([1, 1, channels, filters], 8))];
    const counts = { parts: { int: 1 }, count: { int: 0 }, ...width };
    const y = { dtype: DataType.bfloat16, shape: [1, 3, 3, filters] };
    await expect(inBfloat16(NORMALISED_PRODUCT, counts, operands, [y])).rejects.toThrow("shapes don't fit");
  });

  it.each([
    ['one pixel', [1, 1, 1, 16, 16]],
    ['an odd number of tiles, odd sizes', [3, 5, 5, 16, 16]],
    ['whole panels', [1, 2, 3, 32, 64]],
    ['a vector of each', [2, 4, 3, 16, 16]],
    ['more tiles than are taken at once', [1, 15, 27, 16, 32]],
    ['some of the tiles of a row', [1, 5, 203, 32, 16]],
  ] as const)('convolutions: %s', async (_, [images, height, across, channels, filters]) => {
    const [x, dy] = [
      image([images, height, across, channels], 1),
      image([images, height, across, filters], 2),
    ];
    const w = float(normalHalves([3, 3, channels, filters], 3));
    const factors = [4, 5].map((seed) => float(normal([channels], seed)));
    await expectNear(CONVOLUTION, { turned: true, ...width }, [dy, w], [true], 1e-2);
    for (const given of [[], factors]) {
      const attributes = { N: { int: given.length }, ...width };
      await expectNear(CONVOLUTION, { turned: false, ...attributes }, [x, w, ...given], [true], 1e-2);
      await expectNear(FILTER_GRADIENT, attributes, [x, dy, ...given], [false], 1e-2);
    }
  });

  it.each([
    ['one pixel', 1, 0],
    ['two pixels, a channel more than a vector', 2, 1],
    ['more pixels than are taken at once', 300, 4],
    ['more pixels than a part has', 1100, 3],
  ])('batch-norms: %s', async (_, pixels, more) => {
    const channels = lanes + more;
    const [x, dy] = [image([pixels, 1, 1, channels], 1), image([pixels, 1, 1, channels], 2)];
    const [scale, shift, mean] = [4, 5, 6].map((seed) => float(normal([channels], seed)));
    const variance = float(normal([channels], 7).square().add(0.5));
    await expectNear(CHANNEL_STATISTICS, width, [x], [false, false], 1e-6);
    for (const rectify of [true, false]) {
      const attributes = { rectify, ...width };
      await expectNear(NORMALISE, attributes, [x, scale!, shift!], [true], 4e-3);
      const inputs = [dy, x, scale!, shift!, mean!, variance];
      await expectNear(
        BATCH_NORM_GRADIENT,
        { ...attributes, ...EPSILON },
        inputs,
        [true, false, false],
        4e-3,
      );
    }
  });
});
