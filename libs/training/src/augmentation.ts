import { currentStepSeed, op, statelessUniform, tf } from '@label-relaxation/runtime';
import type { Augmentation } from './step';

/** Sets the random numbers of the augmentation apart from those of the network's layers. */
const STREAM = 0x41554721;

/**
 * Shifts each image by a random share of its width and of its height and flips it with probability 1/2, as Keras's
 * ImageDataGenerator does: bilinear, and pixels from outside are those of the nearest edge. Draws its numbers from the
 * step's seed, so that it belongs into `withRandomStep`.
 *
 * @param images float32 [n, height, width, channels]
 */
export function augment(images: tf.Tensor4D, { shift, flip }: Augmentation): tf.Tensor4D {
  const [n, height, width] = images.shape;
  return tf.tidy(() => {
    const seed = currentStepSeed().add(tf.tensor1d([STREAM, 0], 'int32')) as tf.Tensor1D;
    const random = statelessUniform([3, n], seed);
    const [right, down, side] = tf.unstack(random) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const within = (u: tf.Tensor1D, pixels: number): tf.Tensor1D =>
      u.mul(2 * shift * pixels).sub(shift * pixels);
    const flipped: tf.Tensor1D = flip ? side.less(0.5).cast('float32') : tf.zerosLike(side);
    return shiftAndFlip(images, within(right, width), within(down, height), flipped);
  });
}

/**
 * Shifts and flips images: the pixel (x, y) of the result, before the flip, is that of (x + right, y + down) in the
 * image, as in Keras 2.15's apply_affine_transform with tx = right and ty = down, order 1 and the fill mode nearest.
 *
 * @param images float32 [n, height, width, channels]
 * @param right offsets along the width in pixels, [n]
 * @param down offsets along the height in pixels, [n]
 * @param flipped 1 where the shifted image is then flipped left to right, else 0, [n]
 */
export function shiftAndFlip(
  images: tf.Tensor4D,
  right: tf.Tensor1D,
  down: tf.Tensor1D,
  flipped: tf.Tensor1D,
): tf.Tensor4D {
  const [, height, width] = images.shape;
  return tf.tidy(() => {
    const zero = tf.zerosLike(flipped);
    const one = tf.onesLike(flipped);
    const direction = one.sub(flipped.mul(2));
    const start = right.add(flipped.mul(width - 1));
    const transforms = tf.stack([direction, zero, start, zero, one, down, zero, zero], 1);
    const [moved] = op(
      'ImageProjectiveTransformV3',
      { dtype: { type: 'float32' }, interpolation: 'BILINEAR', fill_mode: 'NEAREST' },
      [images, transforms, tf.tensor1d([height, width], 'int32'), tf.scalar(0)],
      1,
    );
    return moved as tf.Tensor4D;
  });
}
