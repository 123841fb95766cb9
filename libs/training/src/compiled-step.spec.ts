import { batchNorm, conv2d, dropout, hasBfloat16Kernels, relu, tf } from '@label-relaxation/runtime';
import {
  crossEntropy,
  denseNetwork,
  denseOptions,
  fadingCrossEntropy,
  range,
  stripes,
} from '../test/networks';
import { CompiledStep } from './compiled-step';
import { createStep } from './create-step';
import { EagerStep } from './eager-step';
import type { TrainableNetwork } from './network';
import { networkVariables } from './state';
import type { StepOptions, TrainingStep } from './step';

/** A small network with all that the study's networks have: convolution, batch-norm, dropout, pooling, penalties. */
function convNetwork(): TrainableNetwork {
  const named = (name: string, values: tf.Tensor, trainable = true) => ({
    name,
    variable: tf.variable(values, trainable),
  });
  const filter = named('filter', tf.randomNormal([3, 3, 1, 6], 0, 0.3, 'float32', 3));
  const bias = named('bias', tf.zeros([6]));
  const gamma = named('gamma', tf.ones([6]));
  const beta = named('beta', tf.zeros([6]));
  const movingMean = named('mean', tf.zeros([6]), false);
  const movingVariance = named('variance', tf.ones([6]), false);
  const kernel = named('kernel', tf.randomNormal([24, 4], 0, 0.3, 'float32', 4));
  const variables = {
    gamma: gamma.variable as unknown as tf.Tensor1D,
    beta: beta.variable as unknown as tf.Tensor1D,
    movingMean: movingMean.variable,
    movingVariance: movingVariance.variable,
  };
  return {
    trainableVariables: [filter, bias, gamma, beta, kernel],
    nonTrainableVariables: [movingMean, movingVariance],
    regularizers: [
      { variable: filter.variable, l2: 1e-3 },
      { variable: kernel.variable, l2: 1e-2 },
    ],
    logits: (images, { training }) =>
      tf.tidy(() => {
        const filterTensor = filter.variable as unknown as tf.Tensor4D;
        let x = conv2d(images as tf.Tensor4D, filterTensor, bias.variable as unknown as tf.Tensor1D, {
          padding: 'SAME',
        });
        x = relu(
          batchNorm(x, variables, { training, momentum: 0.9, epsilon: 1e-3, movingVariance: 'unbiased' }),
        );
        if (training) x = dropout(x, 0.2, 0);
        x = tf.maxPool(x, 2, 2, 'valid');
        return tf.matMul(x.reshape([x.shape[0], 24]), kernel.variable) as tf.Tensor2D;
      }),
    activityLoss: (logits) =>
      tf.tidy(() =>
        tf
          .softmax(logits)
          .square()
          .sum()
          .mul(0.01 / logits.shape[0]),
      ),
  };
}

function convOptions(): StepOptions {
  const data = { ...stripes(24), mean: new Float32Array(16).fill(0.3) };
  return denseOptions({
    network: convNetwork(),
    data,
    augmentation: { shift: 0.1, flip: true },
    optimizer: { momentum: 0.9, nesterov: true, decay: 0.01, clipValue: 0.1 },
    seed: 7,
  });
}

const STEPS: [Int32Array, number][] = [
  [range(0, 6), 0.1],
  [range(6, 12), 0.1],
  [range(12, 16), 0.1],
  [range(16, 22), 0.02],
  [range(23, 24), 0.02],
];

async function figures(step: TrainingStep): Promise<number[]> {
  const results: number[] = [];
  for (const [examples, rate] of STEPS) {
    const { loss, correct } = await step.train(examples, rate);
    results.push(loss, correct);
  }
  const { loss, correct } = await step.evaluate(range(0, 20));
  const state = await step.readState();
  const values = [...state.weights, ...state.velocities].flatMap(({ values }) => [...values]);
  return [...results, loss, correct, state.iteration, ...(await step.logits(range(3, 14))), ...values];
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  expect(worst).toBeLessThan(2e-5);
}

describe('CompiledStep', () => {
  it.each([
    ['dense layers', denseOptions],
    ['convolution, batch-norm, dropout, augmentation and clipping', convOptions],
  ])('equals the eager step, at any batch size: %s', async (_name, options) => {
    const eager = new EagerStep(options());
    const compiled = await CompiledStep.create(options());
    expectClose(await figures(compiled), await figures(eager));
    eager.dispose();
    compiled.dispose();
  });

  it("gives the loss the run's progress in training, and none in evaluation", async () => {
    const options = () => denseOptions({ loss: fadingCrossEntropy });
    const eager = new EagerStep(options());
    const compiled = await CompiledStep.create(options());
    const results = [];
    for (const step of [eager, compiled]) {
      const { loss } = await step.evaluate(range(0, 6));
      const { loss: whole } = await step.train(range(0, 6), 0);
      const { loss: half } = await step.train(range(0, 6), 0, 0.5);
      const rest = await step.train(range(6, 12), 0.1, 0.75);
      expect(whole).toBeCloseTo(loss, 5);
      expect(half).toBeLessThan(whole);
      results.push([loss, whole, half, rest.loss, rest.correct, ...rest.predicted]);
      const { labels } = options().data;
      const hits = [...rest.predicted].filter((predicted, i) => predicted === labels[6 + i]);
      expect(hits).toHaveLength(rest.correct);
      step.dispose();
    }
    expectClose(results[1]!, results[0]!);
  });

  it("leaves the network's variables alone until it is asked to update them", async () => {
    const options = convOptions();
    const values = () => networkVariables(options.network).map(({ variable }) => variable.dataSync());
    const before = values();
    const step = await CompiledStep.create(options);
    await step.train(range(0, 6), 0.1);
    expect(values()).toEqual(before);
    await step.updateNetwork();
    expect(values()).toEqual((await step.readState()).weights.map((saved) => saved.values));
    expect(values()).not.toEqual(before);
    step.dispose();
  });

  it('goes on from a state as if nothing had been in between', async () => {
    const step = await CompiledStep.create(convOptions());
    await step.train(range(0, 6), 0.1);
    const state = await step.readState();
    const onwards = async () => [
      await step.train(range(6, 12), 0.1),
      await step.train(range(12, 18), 0.1),
      await step.readState(),
    ];
    const first = await onwards();
    await step.writeState(state);
    expect(await onwards()).toEqual(first);
    step.dispose();
  });

  it('leaves no tensors behind', async () => {
    const options = convOptions();
    const before = tf.memory().numTensors;
    const step = await CompiledStep.create(options);
    await figures(step);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await expect(step.train(range(0, 6), 0.1)).rejects.toThrow('after it was disposed');
  });
});

describe('createStep', () => {
  it('compiles unless it is told not to', async () => {
    const kinds = [];
    for (const eager of [false, true]) {
      const step = await createStep({ ...denseOptions(), eager });
      kinds.push(step.kind);
      step.dispose();
    }
    expect(kinds).toEqual(['compiled', 'eager']);
  });

  it('takes the eager step, with a warning, where the network cannot be compiled', async () => {
    const warnings: string[] = [];
    const network = denseNetwork([4, 4, 1], 4);
    const step = await createStep({
      ...denseOptions(),
      network: {
        ...network,
        logits: (images, options) =>
          tf.tidy(() => network.logits(tf.dropout(images, 0.5) as tf.Tensor4D, options)),
      },
      onWarning: (message) => warnings.push(message),
    });
    expect(step.kind).toBe('eager');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The step runs op by op in float32, which is slower: Random numbers of randomUniform/,
      ),
    ]);
    expect((await step.train(range(0, 6), 0.1)).loss).toBeGreaterThan(0);
    step.dispose();
  });

  it('refuses data that do not fit', async () => {
    const { data, ...options } = denseOptions();
    const broken = { ...data, inputs: data.inputs!.slice(1) };
    await expect(createStep({ ...options, data: broken })).rejects.toThrow('24 labels and 383 numbers');
  });

  it('trains and evaluates a network that has no penalties', async () => {
    const { trainableVariables, nonTrainableVariables, logits } = denseNetwork([4, 4, 1], 4);
    const network: TrainableNetwork = { trainableVariables, nonTrainableVariables, logits, regularizers: [] };
    const step = await createStep({ ...denseOptions(), network, loss: crossEntropy });
    const first = await step.evaluate(range(0, 24));
    for (let i = 0; i < 20; i++) await step.train(range(0, 24), 0.1);
    expect((await step.evaluate(range(0, 24))).loss).toBeLessThan(first.loss);
    step.dispose();
  });
});

describe('bfloat16', () => {
  it('trains nearly as float32 does, on float32 variables, and evaluates in float32', async () => {
    const exact = await createStep(convOptions());
    const half = await createStep({ ...convOptions(), precision: 'bfloat16' });
    const start = await exact.evaluate(range(0, 24));
    expect((await half.evaluate(range(0, 24))).loss).toBe(start.loss);

    const first = [await exact.train(range(0, 12), 0.1), await half.train(range(0, 12), 0.1)] as const;
    expect(first[1].loss).not.toBe(first[0].loss);
    expect(Math.abs(first[1].loss - first[0].loss)).toBeLessThan(0.02 * first[0].loss);
    for (let i = 0; i < 30; i++) await half.train(range(0, 24), 0.1);
    expect((await half.evaluate(range(0, 24))).loss).toBeLessThan(start.loss / 2);
    exact.dispose();
    half.dispose();
  });

  it('says that it only rounds where the processor lacks it', async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    (await createStep({ ...convOptions(), precision: 'bfloat16', onWarning })).dispose();
    (await createStep({ ...convOptions(), onWarning })).dispose();
    const expected = hasBfloat16Kernels()
      ? []
      : [expect.stringMatching(/^This processor does not compute in/)];
    expect(warnings).toEqual(expected);
  });

  it('is refused where the step is eager', async () => {
    const options = { ...denseOptions(), eager: true, precision: 'bfloat16' } as const;
    await expect(createStep(options)).rejects.toThrow('precision bfloat16 needs the compiled one');
  });
});
