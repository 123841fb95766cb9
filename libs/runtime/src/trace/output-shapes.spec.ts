import { conv2d } from '../kernels/conv2d';
import { op } from '../op';
import { tf } from '../tensorflow';
import { record } from './recorder';
import type { RecordedOp } from './recording';

describe('outputShapes', () => {
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

  it.each([true, false])('has the shapes of what is done with images, in training: %s', (training) => {
    const image = tf.ones([2, 7, 6, 3]);
    const vector = tf.ones([3]);
    const outputs = (x: tf.Tensor): tf.Tensor[] => {
      const float = { T: { type: 'float32' } } as const;
      const norm = { ...float, U: { type: 'float32' }, is_training: training } as const;
      const [y, ...statistics] = op('FusedBatchNormV3', norm, [x, vector, vector, vector, vector], 6);
      const reserved = statistics.slice(2);
      return [
        ...[y!, ...statistics.slice(0, 4)],
        ...op('FusedBatchNormGradV3', norm, [x, y!, vector, ...reserved], 5).slice(0, 3),
        ...op('Relu', float, [x], 1),
        ...op('ReluGrad', float, [x, y!], 1),
        ...op('AddV2', float, [x, y!], 1),
        ...op('AddV2', float, [x, vector], 1),
        ...op(
          'ConcatV2',
          { ...float, Tidx: { type: 'int32' }, N: { int: 2 } },
          [x, tf.concat([y!, y!], 3), tf.scalar(-1, 'int32')],
          1,
        ),
        ...tf.split(x, [2, 4], 2),
      ];
    };
    const shapes = (tensors: readonly tf.Tensor[]) => tensors.map(({ shape, dtype }) => ({ shape, dtype }));
    let recorded: unknown;
    record(
      ({ x }) => {
        const made = outputs(x!);
        recorded = shapes(made);
        return { y: made[0]! };
      },
      { x: image },
      [],
    );
    expect(recorded).toEqual(shapes(outputs(image)));
  });
});
