import { tf } from '@label-relaxation/runtime';
import { crossEntropy, denseNetwork, denseOptions, range, stripes } from '../test/networks';
import { createStep } from './create-step';
import { fit } from './fit';
import { InputReader, lookAhead } from './inputs';
import type { ExampleLoss } from './network';
import type { Inputs, StepOptions, TrainingData, TrainingStep } from './step';

/** The same data, read batch by batch; `asked` gets the first number of each reading. */
function streamed({ inputs, ...data }: TrainingData, asked: number[] = []): TrainingData {
  const width = data.shape.reduce((product, side) => product * side, 1);
  const read = async (examples: Int32Array): Promise<Inputs> => {
    asked.push(examples[0]!);
    const rows = [...examples].map((example) => inputs!.subarray(example * width, (example + 1) * width));
    return inputs instanceof Uint8Array
      ? Uint8Array.from(rows.flatMap((row) => [...row]))
      : Float32Array.from(rows.flatMap((row) => [...row]));
  };
  return { ...data, inputs: null, read, dtype: inputs instanceof Uint8Array ? 'uint8' : 'float32' };
}

async function figures(step: TrainingStep): Promise<number[]> {
  const results: number[] = [];
  for (const examples of [range(0, 6), range(6, 12), range(12, 16)]) {
    const { loss, correct } = await step.train(examples, 0.1);
    results.push(loss, correct);
  }
  const { loss, correct } = await step.evaluate(range(0, 20));
  return [...results, loss, correct, ...(await step.logits(range(3, 14)))];
}

async function figuresOf(options: StepOptions & { eager?: boolean }): Promise<number[]> {
  const before = tf.memory().numTensors;
  const step = await createStep(options);
  const found = await figures(step);
  step.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return found;
}

const features: TrainingData = {
  inputs: Float32Array.from({ length: 24 * 3 }, (_, i) => ((i * 37) % 11) + 100 * (i % 3)),
  labels: Uint16Array.from({ length: 24 }, (_, i) => i % 4),
  shape: [3],
  scale: 1,
  mean: Float32Array.of(5, 105, 205),
  deviation: Float32Array.of(3, 3, 2),
};

describe.each([false, true])('a step, eager: %s', (eager) => {
  const options = (data: TrainingData): StepOptions & { eager: boolean } => ({
    ...denseOptions({ network: denseNetwork(data.shape, 4), data }),
    eager,
  });

  it('takes examples that are read as those in memory, bytes and floats', async () => {
    const images = { ...stripes(24), mean: new Float32Array(16).fill(0.3) };
    expect(await figuresOf(options(streamed(images)))).toEqual(await figuresOf(options(images)));
    expect(await figuresOf(options(streamed(features)))).toEqual(await figuresOf(options(features)));
  });

  it('standardises features', async () => {
    const { inputs, mean, deviation } = features;
    const standard = Float32Array.from(inputs!, (x, i) => (x - mean![i % 3]!) / deviation![i % 3]!);
    const given = await figuresOf(options({ ...features, inputs: standard, mean: null, deviation: null }));
    const found = await figuresOf(options(features));
    found.forEach((value, i) => expect(value).toBeCloseTo(given[i]!, 4));
  });

  it('gives soft labels to the loss and counts hits by the classes', async () => {
    const { labels } = features;
    const hard = Float32Array.from({ length: 24 * 4 }, (_, i) => Number(labels[Math.floor(i / 4)] === i % 4));
    const soft = hard.map((p) => 0.7 * p + 0.075);
    const loss: ExampleLoss = {
      perExample: (logits, targets) =>
        tf.tidy(() => tf.logSoftmax(logits).mul(targets).sum(1).neg() as tf.Tensor1D),
    };
    const withTargets = (targets: Float32Array) => figuresOf({ ...options({ ...features, targets }), loss });
    const plain = await figuresOf({ ...options(features), loss: crossEntropy });
    (await withTargets(hard)).forEach((value, i) => expect(value).toBeCloseTo(plain[i]!, 4));
    const softened = await withTargets(soft);
    expect(softened[0]).not.toBeCloseTo(plain[0]!, 3);
    expect(softened[1]).toBe(plain[1]);
  });

  it('refuses data that do not fit', async () => {
    const refused = (change: Partial<TrainingData>) => createStep(options({ ...features, ...change }));
    await expect(refused({ inputs: null })).rejects.toThrow('The data has no inputs');
    await expect(refused({ deviation: new Float32Array(2) })).rejects.toThrow(
      'The deviation has 2 values: inputs of 3 need 3.',
    );
    await expect(refused({ targets: new Float32Array(25) })).rejects.toThrow(
      'The data has 24 labels and 25 numbers of soft labels',
    );
  });
});

describe('reading ahead', () => {
  it('asks for batches two steps before they are due', async () => {
    const asked: number[] = [];
    const step = await createStep(denseOptions({ data: streamed(stripes(24), asked) }));
    const seen: number[][] = [];
    await fit(step, {
      batches: () => [0, 6, 12, 18].map((start) => range(start, start + 6)),
      stepsPerEpoch: 4,
      epochs: 1,
      schedule: { initialRate: 0.1, steps: [], multiplier: 1 },
      onBatchEnd: () => seen.push([...asked]),
    });
    expect(seen).toEqual([
      [0, 6, 12],
      [0, 6, 12, 18],
      [0, 6, 12, 18],
      [0, 6, 12, 18],
    ]);
    step.dispose();
  });

  it('reads a batch once, and any that was not asked for before', async () => {
    const asked: number[] = [];
    const data = streamed(stripes(24), asked);
    const reader = new InputReader(data);
    const batch = range(2, 4);
    reader.prefetch(batch);
    reader.prefetch(batch);
    expect(await reader.take(batch)).toEqual(stripes(24).inputs!.subarray(32, 64));
    expect(await reader.take(range(5, 6))).toHaveLength(16);
    expect(asked).toEqual([2, 5]);
  });

  it('leaves an error to whoever takes the batch', async () => {
    const read = () => Promise.reject(new Error('the disk is gone'));
    const reader = new InputReader({ ...stripes(24), inputs: null, read });
    const batch = range(0, 2);
    reader.prefetch(batch);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(reader.take(batch)).rejects.toThrow('the disk is gone');
  });

  it('goes over all batches, however few', () => {
    const told: number[] = [];
    const seen = [...lookAhead([range(0, 1), range(1, 2)], 5, (batch) => told.push(batch[0]!))];
    expect(seen.map((batch) => batch[0])).toEqual([0, 1]);
    expect(told).toEqual([0, 1]);
  });
});
