import { conv2d } from '../kernels/conv2d';
import { tf } from '../tensorflow';
import { record } from './recorder';
import type { RecordedOp } from './recording';

describe('standIn', () => {
  it.each([
    ['SAME', 1, 3],
    ['SAME', 2, 3],
    ['SAME', 2, 1],
    ['VALID', 1, 3],
    ['VALID', 2, 2],
  ] as const)(
    'has the shapes of a convolution and its gradients: %s, stride %d, window %d',
    (padding, strides, window) => {
      const image = tf.ones([2, 7, 6, 3]) as tf.Tensor4D;
      const filter = tf.ones([window, window, 3, 5]) as tf.Tensor4D;
      const convolve = (x: tf.Tensor, w: tf.Tensor) =>
        conv2d(x as tf.Tensor4D, w as tf.Tensor4D, null, { strides, padding });
      const { nodes } = record(
        ({ x, w }) => {
          const [dx, dw] = tf.grads((a, b) => convolve(a!, b!))([x!, w!]);
          return { dx: dx!, dw: dw! };
        },
        { x: image, w: filter },
        [],
      );
      const shapes = nodes
        .filter((node): node is RecordedOp => node.kind === 'op' && node.op.startsWith('Conv2D'))
        .map(({ outputs }) => outputs[0]!.shape);
      expect(shapes).toEqual([convolve(image, filter).shape, image.shape, filter.shape]);
    },
  );
});
