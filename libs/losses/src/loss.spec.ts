import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, tf } from '@label-relaxation/runtime';
import { evaluate, normals, worst } from '../test/evaluate';
import type { LossDeclaration } from './declaration';
import { createLoss } from './loss';
import { type LossName, losses } from './registry';

interface Fixture {
  cases: {
    title: string;
    classes: number;
    logits: number[];
    labels: number[];
    losses: { name: LossName; alpha: number; values: number[]; gradient: number[] }[];
  }[];
}

const file = join(__dirname, '../../../tools/fixtures/losses/losses.json');
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;

/** Values of alpha that are tried of a loss: the ends of its range, and its example. */
function alphasOf({ alpha }: LossDeclaration): number[] {
  if (alpha === null) return [0];
  const { min, max, below, example } = alpha;
  const highest = max ?? (below === undefined ? 20 : below - 0.01);
  return [...new Set([min, example, highest])];
}
const EVERY = losses.flatMap((loss) => alphasOf(loss).map((alpha) => [loss.name, alpha] as const));

describe.each(fixture.cases)('$title', ({ classes, logits, labels, losses }) => {
  const rows = labels.map((_, i) => logits.slice(i * classes, (i + 1) * classes));

  it.each(losses)(
    '$name, alpha $alpha: value and gradient of NumPy and PyTorch',
    ({ name, alpha, ...expected }) => {
      const loss = createLoss(name, alpha);
      const { values, gradient } = evaluate(loss.perExample, rows, labels);
      expect(worst(values, expected.values)).toBeLessThan(2e-6);
      expect(worst(gradient.flat(), expected.gradient)).toBeLessThan(2e-6);
    },
  );
});

/** The memory of credal grows with the square of the number of classes. */
const manyClasses = (name: LossName) => normals(2, name === 'credal' ? 1000 : 100_000, 5, 3);

describe.each(EVERY)('%s, alpha %d', (name, alpha) => {
  const loss = createLoss(name, alpha);

  it('is finite, with a finite gradient, at extreme logits', () => {
    const big = [1e4, -1e4, 88, -104, 0, 1e30, -1e30, 1e-30];
    const pairs = big.flatMap((a) => big.map((b) => [a, b]));
    for (const label of [0, 1]) {
      const { values, gradient } = evaluate(loss.perExample, pairs, new Array(pairs.length).fill(label));
      expect(values.every(Number.isFinite)).toBe(true);
      expect(gradient.flat().every(Number.isFinite)).toBe(true);
    }
  });

  it('is finite for very many classes', () => {
    const logits = manyClasses(name);
    const { values, gradient } = evaluate(loss.perExample, logits, [0, logits[0]!.length - 1]);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(gradient.flat().every(Number.isFinite)).toBe(true);
  });

  it('has a gradient that a small step in the logits confirms', () => {
    const logits = normals(6, 4, 1.5, 11);
    const labels = [0, 1, 2, 3, 0, 1];
    const direction = normals(6, 4, 1, 12);
    const moved = (step: number) =>
      logits.map((row, i) => row.map((z, j) => z + step * (direction[i]?.[j] ?? 0)));
    const step = 2e-3;
    const { gradient } = evaluate(loss.perExample, logits, labels);
    const slope = gradient.map((row, i) => row.reduce((sum, g, j) => sum + g * (direction[i]?.[j] ?? 0), 0));
    const above = evaluate(loss.perExample, moved(step), labels).values;
    const below = evaluate(loss.perExample, moved(-step), labels).values;
    const measured = above.map((value, i) => (value - (below[i] ?? 0)) / (2 * step));
    expect(worst(slope, measured)).toBeLessThan(2e-3);
  });

  it('has gradients that sum to 0 and do not change when all logits move together', () => {
    const logits = normals(8, 7, 3, 5);
    const labels = [0, 1, 2, 3, 4, 5, 6, 0];
    const { values, gradient } = evaluate(loss.perExample, logits, labels);
    const shifted = evaluate(
      loss.perExample,
      logits.map((row) => row.map((z) => z + 50)),
      labels,
    );
    expect(
      worst(
        gradient.map((row) => row.reduce((a, b) => a + b, 0)),
        new Array(8).fill(0),
      ),
    ).toBeLessThan(5e-5);
    expect(worst(shifted.values, values)).toBeLessThan(2e-4);
    expect(worst(shifted.gradient.flat(), gradient.flat())).toBeLessThan(2e-4);
  });

  it('takes one-hot labels as it takes class numbers', () => {
    const logits = tf.tensor2d(normals(5, 3, 2, 1));
    const numbers = tf.tensor1d([2, 0, 1, 1, 2], 'int32');
    const expected = [...loss.perExample(logits, numbers).dataSync()];
    for (const type of ['float32', 'int32', 'bool'] as const) {
      const rows = tf.cast(tf.oneHot(numbers, 3), type) as tf.Tensor2D;
      expect([...loss.perExample(logits, rows).dataSync()]).toEqual(expected);
    }
  });

  it('shows NaN logits and labels that are no class as NaN', () => {
    const { values } = evaluate(
      loss.perExample,
      [
        [NaN, 0],
        [0, 1],
        [0, 1],
        [3, 1],
      ],
      [0, 2, -1, 0],
    );
    expect(values.map(Number.isNaN)).toEqual([true, true, true, false]);
  });

  it('runs the same operations whatever the batch size, and reads nothing back', () => {
    const sequences = [2, 3, 5].map((batch) => operations(() => evaluateOnly(loss.perExample, batch)));
    expect(sequences[0]?.length).toBeGreaterThan(5);
    expect(sequences[1]).toEqual(sequences[0]);
    expect(sequences[2]).toEqual(sequences[0]);
  });

  it('leaves no tensors behind', () => {
    const logits = tf.tensor2d(normals(4, 3, 1, 2));
    const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
    const before = tf.memory().numTensors;
    loss.perExample(logits, labels).dispose();
    tf.grad((x) => tf.sum(loss.perExample(x as tf.Tensor2D, labels)))(logits).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

function evaluateOnly(perExample: ReturnType<typeof createLoss>['perExample'], batch: number): void {
  tf.tidy(() => {
    const labels = tf.zeros([batch], 'int32') as tf.Tensor1D;
    tf.grad((x) => tf.mean(perExample(x as tf.Tensor2D, labels)))(tf.ones([batch, 3]));
  });
}

/** Names of the TensorFlow operations that `run` executes; reading a tensor back in between is an error. */
function operations(run: () => void): string[] {
  type Binding = {
    executeOp(name: string, ...rest: unknown[]): unknown;
    tensorDataSync(id: number): unknown;
  };
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const names: string[] = [];
  backend.binding = Object.create(binding, {
    executeOp: {
      value: (name: string, ...rest: unknown[]) => {
        names.push(name);
        return binding.executeOp(name, ...rest);
      },
    },
    tensorDataSync: {
      value: () => {
        throw new Error('A tensor was read back.');
      },
    },
  }) as Binding;
  try {
    run();
  } finally {
    backend.binding = binding;
  }
  return names;
}

it.each(losses.map(({ name }) => name))('%s gives the same compiled, for any batch', async (name) => {
  const { perExample } = createLoss(name);
  const step = (logits: tf.Tensor2D, labels: tf.Tensor1D, progress: tf.Scalar) => ({
    values: perExample(logits, labels, progress),
    gradient: tf.grad((x) => tf.sum(perExample(x as tf.Tensor2D, labels, progress)))(logits),
  });
  const program = await compile({
    variables: [],
    entries: {
      step: {
        inputs: {
          logits: { dtype: 'float32', shape: ['batch', 4] },
          labels: { dtype: 'int32', shape: ['batch'] },
          progress: { dtype: 'float32', shape: [] },
        },
        fn: ({ logits, labels, progress }) =>
          step(logits as tf.Tensor2D, labels as tf.Tensor1D, progress as tf.Scalar),
      },
    },
  });
  for (const [batch, progress] of [
    [7, 0.1],
    [1, 0.9],
  ] as const) {
    const logits = normals(batch, 4, 3, batch);
    const labels = logits.map((_, i) => i % 4);
    const expected = tf.tidy(() => {
      const { values, gradient } = step(
        tf.tensor2d(logits),
        tf.tensor1d(labels, 'int32'),
        tf.scalar(progress),
      );
      return { values: [...values.dataSync()], gradient: [...gradient.dataSync()] };
    });
    const found = program.run('step', {
      logits: Float32Array.from(logits.flat()),
      labels: Int32Array.from(labels),
      progress: Float32Array.of(progress),
    });
    expect(worst([...found['values']!], expected.values)).toBeLessThan(1e-6);
    expect(worst([...found['gradient']!], expected.gradient)).toBeLessThan(1e-6);
  }
  program.dispose();
});

it('refuses an alpha out of range', () => {
  expect(() => createLoss('label_relaxation', 1)).toThrow(
    'alpha 1 is out of range: label_relaxation takes a value in [0, 1) for imprecisiation.',
  );
  expect(() => createLoss('cross_entropy', -0.1)).toThrow('cross_entropy takes a value in [0, 1)');
  expect(() => createLoss('focal', -1)).toThrow('focal takes a value of at least 0 for gamma');
  expect(() => createLoss('confidence_penalty', Infinity)).toThrow('alpha Infinity is out of range');
  expect(() => createLoss('focal', NaN)).toThrow('alpha NaN is out of range');
});

it('refuses a parameter that the loss has not got', () => {
  expect(() => createLoss('focal', 2, { margin: 3 })).toThrow('focal has no parameter margin.');
});

it("takes a loss of one's own, whose gradient tfjs derives", () => {
  const own: LossDeclaration = {
    ...(losses[0] as LossDeclaration),
    name: 'own',
    perExample: ({ logits, target, alpha }) =>
      tf
        .logSoftmax(logits)
        .mul(target)
        .sum(1)
        .mul(-1 - alpha) as tf.Tensor1D,
  };
  const logits = normals(4, 3, 2, 1);
  const labels = [0, 1, 2, 0];
  const found = evaluate(createLoss(own, 0.5).perExample, logits, labels);
  const plain = evaluate(createLoss('cross_entropy', 0).perExample, logits, labels);
  expect(
    worst(
      found.values,
      plain.values.map((value) => 1.5 * value),
    ),
  ).toBeLessThan(1e-6);
  expect(
    worst(
      found.gradient.flat(),
      plain.gradient.flat().map((value) => 1.5 * value),
    ),
  ).toBeLessThan(1e-6);
});

it('names shapes and types that do not fit', () => {
  const { perExample } = createLoss('label_relaxation', 0.1);
  const logits = tf.zeros([3, 4]) as tf.Tensor2D;
  expect(() => perExample(logits, tf.zeros([2], 'int32') as tf.Tensor1D)).toThrow(
    'There are 2 labels for 3 rows',
  );
  expect(() => perExample(logits, tf.zeros([3, 5]) as tf.Tensor2D)).toThrow('5 classes, the logits have 4');
  expect(() => perExample(logits, tf.zeros([3]) as tf.Tensor1D)).toThrow('int32 class numbers');
  expect(() => perExample(logits, tf.zeros([3, 4, 1]) as unknown as tf.Tensor2D)).toThrow('shape [3,4,1]');
  expect(() => perExample(tf.zeros([3, 1]), tf.zeros([3], 'int32') as tf.Tensor1D)).toThrow('at least 2');
  expect(() => perExample(tf.zeros([3, 4], 'int32'), tf.zeros([3], 'int32') as tf.Tensor1D)).toThrow(
    'float32',
  );
});
