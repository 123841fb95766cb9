import { fixture, worst } from '../../test/kernels-fixture';
import { tf } from '../tensorflow';
import { batchNorm, type BatchNormOptions } from './batch-norm';

describe.each(fixture.batchNorm)('at $shape, moving variance $movingVariance, as in Keras', (reference) => {
  const x = tf.tensor(reference.x, reference.shape);
  const [gamma, beta] = reference.weights.map((weights) => tf.tensor1d(weights)) as [
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  const fresh = () => ({
    gamma,
    beta,
    movingMean: tf.variable(tf.tensor1d(reference.weights[2]), false),
    movingVariance: tf.variable(tf.tensor1d(reference.weights[3]), false),
  });
  const options: BatchNormOptions = {
    training: true,
    momentum: 0.99,
    epsilon: 1e-3,
    movingVariance: reference.movingVariance,
  };

  it('normalises by the moving averages in inference, and leaves them alone', () => {
    const variables = fresh();
    const y = batchNorm(x, variables, { ...options, training: false });
    expect(y.shape).toEqual(reference.shape);
    expect(worst(y.dataSync(), reference.inference)).toBeLessThan(2e-6);
    expect(worst(variables.movingMean.dataSync(), reference.weights[2])).toBeLessThan(1e-7);
    expect(worst(variables.movingVariance.dataSync(), reference.weights[3])).toBeLessThan(1e-7);
  });

  it('normalises by the batch in training, and updates the moving averages', () => {
    const variables = fresh();
    const y = batchNorm(x, variables, options);
    expect(y.shape).toEqual(reference.shape);
    expect(worst(y.dataSync(), reference.y)).toBeLessThan(2e-6);
    expect(worst(variables.movingMean.dataSync(), reference.moving[0])).toBeLessThan(1e-6);
    expect(worst(variables.movingVariance.dataSync(), reference.moving[1])).toBeLessThan(1e-6);
  });

  it('has the gradients by input, factor and offset', () => {
    const gradients = tf.grads((input: tf.Tensor, factor: tf.Tensor, offset: tf.Tensor) =>
      batchNorm(input, { ...fresh(), gamma: factor as tf.Tensor1D, beta: offset as tf.Tensor1D }, options)
        .mul(tf.tensor(reference.direction, reference.shape))
        .sum(),
    )([x, gamma, beta]);
    gradients.forEach((gradient, i) => {
      expect(worst(gradient.dataSync(), reference.gradients[i] as number[])).toBeLessThan(5e-6);
    });
  });

  it('has the gradient of a fixed scale in inference', () => {
    const variables = fresh();
    const dx = tf.grad((input) => batchNorm(input, variables, { ...options, training: false }).sum())(x);
    const scale = gamma.div(variables.movingVariance.add(1e-3).sqrt());
    expect(worst(dx.dataSync(), [...tf.mul(tf.onesLike(x), scale).dataSync()])).toBeLessThan(1e-6);
  });
});
