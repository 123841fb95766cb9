import { tf } from '@label-relaxation/runtime';
import { crossEntropy, denseOptions, range } from '../test/networks';
import { EagerStep } from './eager-step';

describe('EagerStep', () => {
  it('scores with L2 and activity terms in the loss', async () => {
    const options = denseOptions();
    const step = new EagerStep(options);
    const examples = range(3, 17);
    const { loss, correct } = await step.evaluate(examples);
    const logits = tf.tensor2d(await step.logits(examples), [14, 4]);
    const labels = tf.tensor1d(
      Array.from(examples, (example) => example % 4),
      'int32',
    );
    const data = crossEntropy.perExample(logits, labels).mean().dataSync()[0]!;
    const activity = logits.softmax().square().sum().dataSync()[0]! * (0.01 / 14);
    const penalty = options.network.regularizers[0]!.variable.square().sum().dataSync()[0]! * 1e-3;
    expect(loss).toBeCloseTo(data + activity + penalty, 5);
    expect(correct).toBe(logits.argMax(1).equal(labels).sum().dataSync()[0]);
    step.dispose();
  });

  it('subtracts the mean image', async () => {
    const plain = denseOptions();
    const { labels, shape } = plain.data;
    const images = plain.data.inputs as Uint8Array;
    const mean = new Float32Array(16).fill(20 / 255);
    const brighter = images.map((pixel) => Math.min(pixel, 235) + 20);
    const darker = images.map((pixel) => Math.min(pixel, 235));
    const a = new EagerStep({ ...plain, data: { inputs: brighter, labels, shape, mean } });
    const b = new EagerStep({ ...plain, data: { inputs: darker, labels, shape } });
    const [left, right] = [await a.logits(range(0, 24)), await b.logits(range(0, 24))];
    left.forEach((value, i) => expect(value).toBeCloseTo(right[i]!, 5));
    a.dispose();
    b.dispose();
  });

  it('leaves no tensors behind', async () => {
    const options = denseOptions({ augmentation: { shift: 0.1, flip: true } });
    const before = tf.memory().numTensors;
    const step = new EagerStep(options);
    await step.train(range(0, 6), 0.1);
    const during = tf.memory().numTensors;
    await step.train(range(0, 6), 0.1);
    await step.evaluate(range(0, 9));
    await step.logits(range(0, 9));
    await step.writeState(await step.readState());
    expect(tf.memory().numTensors).toBe(during);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses examples that are not there and data that do not fit', async () => {
    const options = denseOptions();
    const step = new EagerStep(options);
    await expect(step.train(Int32Array.of(0, 24), 0.1)).rejects.toThrow('There is no example 24');
    await expect(step.evaluate(new Int32Array(0))).rejects.toThrow('There are no examples');
    const data = { ...options.data, labels: options.data.labels.slice(1) };
    expect(() => new EagerStep({ ...options, data })).toThrow('23 labels');
    step.dispose();
  });

  it('refuses a state of another network', async () => {
    const step = new EagerStep(denseOptions());
    const state = await step.readState();
    const other = {
      ...state,
      weights: state.weights.map((saved) => ({ ...saved, name: `x_${saved.name}` })),
    };
    await expect(step.writeState(other)).rejects.toThrow('x_kernel1');
    await expect(step.writeState({ ...state, velocities: [] })).rejects.toThrow('0 velocities');
    step.dispose();
  });
});
