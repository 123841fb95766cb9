import { tf, withRandomStep } from '@label-relaxation/runtime';
import { batchOf, distance, kerasFixture, startAsKeras, type Summary } from '../test/keras';
import { createModel, type Model } from './model';

describe.each(['simple_dense', 'vgg', 'resnet', 'densenet'] as const)('%s, against Keras', (name) => {
  const fixture = kerasFixture(name);
  const { shape, classes, batch } = fixture;
  let model: Model;
  beforeAll(() => {
    model = createModel(name, { inputShape: shape, classes, seed: 0 });
    startAsKeras(model);
  });
  afterAll(() => model.dispose());

  it('has as many parameters, for 10 and for 100 classes', () => {
    expect(model.parameters).toBe(fixture.parameters['10']);
    const hundred = createModel(name, { inputShape: shape, classes: 100, seed: 0 });
    expect(hundred.parameters).toBe(fixture.parameters['100']);
    hundred.dispose();
  });

  it('has the same variables', () => {
    expect(model.trainableVariables.map((variable) => variable.name).sort()).toEqual(
      Object.keys(fixture.gradients).sort(),
    );
    expect(model.nonTrainableVariables.map((variable) => variable.name).sort()).toEqual(
      Object.keys(fixture.moving).sort(),
    );
  });

  it('gives the same logits in inference', () => {
    const logits = model.logits(batchOf(fixture).images, { training: false });
    const expected = tf.tensor2d(fixture.logits, [batch, classes]);
    expect(farthest(logits, expected)).toBeLessThan(1e-5);
  });

  it('gives the same logits, loss, gradients and moving averages in a training step', () => {
    const { images, labels } = batchOf(fixture);
    const truth = tf.oneHot(labels, classes);
    let logits!: tf.Tensor2D;
    const loss = (): tf.Scalar => {
      logits = tf.keep(model.logits(images, { training: true }));
      const own = tf.losses.softmaxCrossEntropy(truth, logits) as tf.Scalar;
      const penalties = model.regularizers.map(({ variable, l2 }) => tf.mul(tf.sum(tf.square(variable)), l2));
      const activity = model.activityLoss?.(logits) ?? tf.scalar(0);
      return tf.addN([own, activity, ...penalties]) as tf.Scalar;
    };
    const { value, grads } = withRandomStep(tf.tensor1d([0, 0], 'int32'), () =>
      tf.variableGrads(
        loss,
        model.trainableVariables.map(({ variable }) => variable),
      ),
    );
    const expected = tf.tensor2d(fixture.trainingLogits, [batch, classes]);
    // VGG's last batch-norm has 16 examples alone, whose variance amplifies the rounding that processors differ in.
    expect(farthest(logits, expected)).toBeLessThan(name === 'vgg' ? 1e-4 : 3e-5);
    expect(value.arraySync()).toBeCloseTo(fixture.losses[0] as number, 4);

    const gradients = model.trainableVariables.map(({ name: key, variable }) => {
      const gradient = grads[variable.name] as tf.Tensor;
      return distance(key, gradient, fixture.gradients[key] as Summary);
    });
    // Rounding can put a rectifier on the other side of 0, which moves a few gradients by more than rounding.
    gradients.sort((a, b) => a - b);
    expect(gradients[Math.floor(0.9 * gradients.length)]).toBeLessThan(name === 'vgg' ? 1e-2 : 5e-4);
    expect(gradients.at(-1)).toBeLessThan(0.05);
    const moving = model.nonTrainableVariables.map(({ name: key, variable }) =>
      distance(key, variable, fixture.moving[key] as Summary),
    );
    expect(Math.max(0, ...moving)).toBeLessThan(1e-5);
  });
});

/** The largest difference as a share of the largest logit. */
function farthest(actual: tf.Tensor, expected: tf.Tensor): number {
  const difference = tf.max(tf.abs(tf.sub(actual, expected)));
  return tf.div(difference, tf.max(tf.abs(expected))).arraySync() as number;
}
