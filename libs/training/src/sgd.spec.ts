import { tf } from '@label-relaxation/runtime';
import { readFixture } from '../test/fixture';
import { decayedRate, sgdUpdate } from './sgd';

interface KerasOptions {
  momentum?: number;
  nesterov?: boolean;
  decay?: number;
  clipvalue?: number;
  l2?: number;
}

interface Fixture {
  shape: [number, number];
  start: number[];
  gradients: number[][];
  rates: number[];
  cases: Record<string, { options: KerasOptions; weights: number[][] }>;
}

const fixture = readFixture<Fixture>('sgd');

describe('sgdUpdate', () => {
  it.each(Object.entries(fixture.cases))("follows Keras's legacy SGD: %s", (_name, { options, weights }) => {
    const { momentum = 0, nesterov = false, decay = 0, clipvalue = 0, l2 = 0 } = options;
    const { shape } = fixture;
    const variable = tf.variable(tf.tensor2d(fixture.start, shape));
    const velocity = tf.variable(tf.zeros(shape));
    fixture.gradients.forEach((gradient, iteration) => {
      const rate = tf.scalar(decayedRate(fixture.rates[iteration]!, decay, iteration));
      sgdUpdate(variable, velocity, tf.tensor2d(gradient, shape), l2, rate, {
        momentum,
        nesterov,
        decay,
        clipValue: clipvalue,
      });
      expectClose(variable.dataSync(), weights[iteration]!);
    });
  });

  it('leaves no tensor behind', () => {
    const variable = tf.variable(tf.ones([3]));
    const velocity = tf.variable(tf.zeros([3]));
    const gradient = tf.ones([3]);
    const rate = tf.scalar(0.1);
    const before = tf.memory().numTensors;
    sgdUpdate(variable, velocity, gradient, 0.1, rate, {
      momentum: 0.9,
      nesterov: true,
      decay: 0,
      clipValue: 1,
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(2e-6));
}
