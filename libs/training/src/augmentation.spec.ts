import { tf, withRandomStep } from '@label-relaxation/runtime';
import { readFixture } from '../test/fixture';
import { augment, shiftAndFlip } from './augmentation';

interface Fixture {
  shape: [number, number, number, number];
  images: number[];
  moves: { tx: number; ty: number; flip_horizontal: boolean }[];
  moved: number[];
}

const fixture = readFixture<Fixture>('affine');

const { shape } = fixture;

function augmented(seed: readonly [number, number], flip = true): Float32Array {
  return tf.tidy(() =>
    withRandomStep(tf.tensor1d([...seed], 'int32'), () =>
      augment(tf.tensor4d(fixture.images, shape), { shift: 0.1, flip }),
    ).dataSync<'float32'>(),
  );
}

describe('shiftAndFlip', () => {
  it("moves pixels as Keras's affine transform does", () => {
    const right = tf.tensor1d(fixture.moves.map(({ tx }) => tx));
    const down = tf.tensor1d(fixture.moves.map(({ ty }) => ty));
    const flipped = tf.tensor1d(fixture.moves.map(({ flip_horizontal }) => Number(flip_horizontal)));
    const moved = shiftAndFlip(tf.tensor4d(fixture.images, shape), right, down, flipped).dataSync();
    const worst = fixture.moved.reduce(
      (largest, value, i) => Math.max(largest, Math.abs(value - moved[i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
  });
});

describe('augment', () => {
  it('is a function of seed and step', () => {
    expect(augmented([0, 3])).toEqual(augmented([0, 3]));
    expect(augmented([0, 3])).not.toEqual(augmented([0, 4]));
    expect(augmented([0, 3])).not.toEqual(augmented([1, 3]));
  });

  it('shifts by at most the given share and flips about half of the images', () => {
    const examples = 400;
    // Each pixel's value is its column, so that a row tells its own shift and direction.
    const columns = tf.range(0, 20).reshape([1, 1, 20, 1]).tile([examples, 1, 1, 1]) as tf.Tensor4D;
    const rows = tf
      .tidy(() =>
        withRandomStep(tf.tensor1d([5, 0], 'int32'), () =>
          augment(columns, { shift: 0.1, flip: true }),
        ).squeeze([1, 3]),
      )
      .arraySync() as number[][];
    const flips = rows.filter((row) => row[0]! > row[19]!);
    expect(flips.length).toBeGreaterThan(160);
    expect(flips.length).toBeLessThan(240);
    const shifts = rows.map((row) => Math.abs(row[10]! + row[9]! - 19) / 2);
    expect(Math.max(...shifts)).toBeLessThanOrEqual(2 + 1e-4);
    expect(Math.max(...shifts)).toBeGreaterThan(1.8);
  });

  it('does not flip unless it is told to', () => {
    const columns = tf.range(0, 20).reshape([1, 1, 20, 1]).tile([50, 1, 1, 1]) as tf.Tensor4D;
    const rows = withRandomStep(tf.tensor1d([5, 0], 'int32'), () =>
      augment(columns, { shift: 0.1, flip: false }),
    );
    for (const row of rows.squeeze([1, 3]).arraySync() as number[][]) expect(row[0]!).toBeLessThan(row[19]!);
  });
});
