import { tf } from '../tensorflow';
import { biasAdd } from './bias-add';

it.each([[[2, 3]], [[2, 2, 2, 3]]])(
  'adds to the last dimension of shape %j and sums for the gradient',
  (shape) => {
    const x = tf.range(0, tf.util.sizeFromShape(shape), 1, 'float32').reshape(shape);
    const bias = tf.tensor1d([10, 20, 30]);
    expect(biasAdd(x, bias).arraySync()).toEqual(tf.add(x, bias).arraySync());

    const direction = tf.add(x, 1);
    const [dx, dBias] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.mul(biasAdd(a, b), direction).sum())([
      x,
      bias,
    ]);
    expect(dx?.arraySync()).toEqual(direction.arraySync());
    expect(dBias?.arraySync()).toEqual(direction.reshape([-1, 3]).sum(0).arraySync());
  },
);
