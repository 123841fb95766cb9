import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { applyKerasMomentum } from '../apply-keras-momentum';
import { dropout } from '../kernels/dropout';
import { withRandomStep } from '../random-step';
import { tf } from '../tensorflow';
import type { EntryPoint } from '../trace/entry-point';
import { compile, type Program } from './program';

const vector = { dtype: 'float32', shape: ['batch', 2] } as const;

/** A program of one function of x, [n, 2]. */
function compileOne(
  fn: (x: tf.Tensor) => tf.Tensor,
  variables: tf.Variable[] = [],
): Promise<Program<'main'>> {
  return compile({
    variables,
    entries: { main: { inputs: { x: vector }, fn: ({ x }) => ({ y: fn(x!) }) } },
  });
}

describe('compile', () => {
  it.each([
    [
      'numbers that grow with the batch',
      (x: tf.Tensor) =>
        tf
          .ones([x.shape[0], 3])
          .mul(x.shape[0] * 3 + 1)
          .matMul(tf.ones([3, 2]))
          .add(x),
    ],
    [
      'numbers that shrink with it',
      (x: tf.Tensor) => x.mul(1 / x.shape[0]).add(tf.scalar(2 + 3 / x.shape[0])),
    ],
    [
      'shapes',
      (x: tf.Tensor) =>
        x
          .reshape([2 * x.shape[0], 1])
          .tile([1, 3])
          .reshape([x.shape[0], 6]),
    ],
    ['stacking and slicing', (x: tf.Tensor) => tf.stack([x, x.square()], 1).slice([0, 1], [x.shape[0], 1])],
    ['means and their gradients', (x: tf.Tensor) => tf.grad((v) => v.square().mean())(x)],
    ['products of matrices, transposed', (x: tf.Tensor) => x.matMul(x, true, false).matMul(x, false, true)],
    ['comparisons', (x: tf.Tensor) => x.greater(0).logicalAnd(x.less(1)).cast('float32')],
  ])('gives what tfjs gives at any batch size: %s', async (_name, fn) => {
    const program = await compileOne(fn);
    for (const size of [1, 2, 4, 9]) {
      const x = tf.randomNormal([size, 2], 0, 1, 'float32', size);
      const expected = tf.tidy(() => fn(x)).dataSync();
      const { y } = program.run('main', { x: x.dataSync<'float32'>() });
      expect(y).toHaveLength(expected.length);
      expected.forEach((value, i) => expect(y![i]).toBeCloseTo(value, 4));
    }
    program.dispose();
  });

  it('shares variables between entry points and leaves the tfjs variables alone', async () => {
    const total = tf.variable(tf.tensor1d([1, 2]));
    const program = await compile({
      variables: [total],
      entries: {
        add: {
          inputs: { x: vector },
          fn: ({ x }) => {
            const before = total.clone();
            total.assign(total.add(x!.sum(0)));
            return { before, after: total.mul(1) };
          },
        },
        double: { inputs: {}, fn: () => ({ twice: total.mul(2) }) },
      },
    });
    expect(program.run('add', { x: Float32Array.of(1, 1, 2, 2) })).toEqual({
      before: Float32Array.of(1, 2),
      after: Float32Array.of(4, 5),
    });
    expect(program.run('double', {})).toEqual({ twice: Float32Array.of(8, 10) });
    expect(program.read()).toEqual([Float32Array.of(4, 5)]);
    program.write([Float32Array.of(7, 8)]);
    expect(program.run('double', {})).toEqual({ twice: Float32Array.of(14, 16) });
    expect(total.dataSync()).toEqual(Float32Array.of(1, 2));
    program.dispose();
  });

  it('updates by momentum as tfjs code does, from a learning rate that is an input', async () => {
    const make = () => [tf.variable(tf.tensor1d([1, -2])), tf.variable(tf.tensor1d([0.5, 0.25]))] as const;
    const step = ([variable, velocity]: ReturnType<typeof make>, x: tf.Tensor, learningRate: tf.Scalar) => {
      const gradient = variable.mul(x.mean());
      applyKerasMomentum({ variable, velocity, gradient, learningRate, momentum: 0.9, nesterov: true });
      return gradient;
    };
    const [eager, compiled] = [make(), make()];
    const entry: EntryPoint = {
      inputs: { x: vector, rate: { dtype: 'float32', shape: [] } },
      fn: ({ x, rate }) => ({ gradient: step(compiled, x!, rate as tf.Scalar) }),
    };
    const program = await compile({ variables: compiled, entries: { main: entry } });
    for (const rate of [0.1, 0.02]) {
      step(eager, tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.scalar(rate));
      program.run('main', { x: Float32Array.of(1, 2, 3, 4), rate: Float32Array.of(rate) });
    }
    program.read().forEach((values, i) => {
      eager[i]!.dataSync().forEach((value, j) => expect(values[j]).toBeCloseTo(value, 6));
    });
    program.dispose();
  });

  it('takes rows of a table by their numbers', async () => {
    const program = await compile({
      variables: [],
      tables: { bytes: { values: Uint8Array.of(1, 2, 30, 40, 255, 0), shape: [3, 2] } },
      entries: {
        main: {
          inputs: { rows: { table: 'bytes', rows: 'numbers', dtype: 'float32' } },
          fn: ({ rows }) => ({ halves: rows!.div(2) }),
        },
      },
    });
    const run = (...numbers: number[]) =>
      program.run('main', { numbers: Int32Array.from(numbers) })['halves'];
    expect(run(2, 0)).toEqual(Float32Array.of(127.5, 0, 0.5, 1));
    expect(run(1, 1, 1)).toEqual(Float32Array.of(15, 20, 15, 20, 15, 20));
    program.dispose();
  });

  it('takes rows of tables of other numbers, and bytes that a run is given', async () => {
    const program = await compile({
      variables: [],
      tables: {
        features: { values: Float32Array.of(0.5, -1, 2, 1e6), shape: [2, 2] },
        labels: { values: Int32Array.of(70_000, -3), shape: [2] },
      },
      entries: {
        main: {
          inputs: {
            features: { table: 'features', rows: 'numbers', dtype: 'float32' },
            labels: { table: 'labels', rows: 'numbers', dtype: 'int32' },
            bytes: { dtype: 'float32', fed: 'uint8', shape: ['batch', 2] },
          },
          fn: ({ features, labels, bytes }) => ({
            sum: features!.add(bytes!),
            twice: labels!.mul(tf.scalar(2, 'int32')),
          }),
        },
      },
    });
    const result = program.run('main', {
      numbers: Int32Array.of(1, 0, 1),
      bytes: Uint8Array.of(1, 2, 3, 4, 255, 0),
    });
    expect(result['sum']).toEqual(Float32Array.of(3, 1e6 + 2, 3.5, 3, 257, 1e6));
    expect(result['twice']).toEqual(Int32Array.of(-6, 140_000, -6));
    program.dispose();
  });

  it('draws the random numbers of the step that it is given', async () => {
    const layer = (x: tf.Tensor, stepSeed: tf.Tensor1D) => withRandomStep(stepSeed, () => dropout(x, 0.5, 1));
    const program = await compile({
      variables: [],
      entries: {
        main: {
          inputs: { x: vector, stepSeed: { dtype: 'int32', shape: [2] } },
          fn: ({ x, stepSeed }) => ({ y: layer(x!, stepSeed as tf.Tensor1D) }),
        },
      },
    });
    const x = new Float32Array(40).fill(1);
    const drawn = [0, 1, 2].map((step) => program.run('main', { x, stepSeed: Int32Array.of(0, step) })['y']!);
    drawn.forEach((y, step) => {
      const eager = tf.tidy(() => layer(tf.ones([20, 2]), tf.tensor1d([0, step], 'int32')).dataSync());
      expect(y).toEqual(eager);
    });
    expect(drawn[0]).not.toEqual(drawn[1]);
    program.dispose();
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, RegExp]>([
    [
      'a value read back',
      (x) => x.mul(x.square().sum().dataSync()[0]!),
      /output of Sum is read back \(dataSync\)/,
    ],
    [
      'an input read back',
      (x) => x.mul((x.arraySync() as number[][])[0]![0]!),
      /input is read back \(dataSync\)/,
    ],
    ['random numbers', (x) => x.add(tf.randomUniform([2])), /Random numbers of randomUniform/],
    [
      'seeded random numbers',
      (x) => x.add(tf.randomNormal([2], 0, 1, 'float32', 5)),
      /Random numbers of randomNormal/,
    ],
    ['random numbers of JavaScript', (x) => x.mul(Math.random()), /Random numbers of Math.random/],
    [
      "TensorFlow's random numbers without a seed",
      (x) => x.add(tf.multinomial(x as tf.Tensor2D, 1, 3)),
      /Random numbers of Multinomial/,
    ],
    [
      'other ops at other sizes',
      (x) => (x.shape[0] > 2 ? x.exp() : x.square()),
      /calls Square or Exp or Exp depending/,
    ],
    [
      'more ops at other sizes',
      (x) => (x.shape[0] > 2 ? x.exp().neg() : x),
      /calls other ops when the batch size changes/,
    ],
    [
      'a number with an unknown rule',
      (x) => x.mul(x.shape[0] ** 2),
      /depends on the batch size in an unknown way/,
    ],
    [
      'values that only fit one size',
      (x) => x.add(tf.tensor1d([...Array(x.shape[0]).keys()]).reshape([-1, 1])),
      /values of a constant/,
    ],
    ['a variable that is not named', (x) => x.add(stray), /variable stray: name it/],
  ])('refuses %s', async (_name, fn, message) => {
    await expect(compileOne(fn)).rejects.toThrow(message);
    expect(tf.tidy(() => tf.randomUniform([1]).dataSync())).toHaveLength(1);
  });

  it('refuses an async function and a variable that is read after its update', async () => {
    const asynchronous = (async () => tf.scalar(1)) as unknown as () => tf.Tensor;
    await expect(
      compile({ variables: [], entries: { main: { inputs: {}, fn: asynchronous as never } } }),
    ).rejects.toThrow('An async function cannot be compiled');
    const [variable, velocity] = [tf.variable(tf.ones([2])), tf.variable(tf.zeros([2]))];
    const late = (x: tf.Tensor) => {
      const learningRate = tf.scalar(0.1);
      applyKerasMomentum({
        variable,
        velocity,
        gradient: x.sum(0),
        learningRate,
        momentum: 0.9,
        nesterov: true,
      });
      return variable.mul(2);
    };
    await expect(compileOne(late, [variable, velocity])).rejects.toThrow('is read after its update');
    expect(variable.dataSync()).toEqual(Float32Array.of(1, 1));
  });

  it('says what is wrong with the inputs of a run', async () => {
    const program = await compileOne((x) => x.neg());
    expect(() => program.run('main', {})).toThrow('needs the input x');
    expect(() => program.run('main', { x: new Float32Array(3) })).toThrow('The input x of shape [batch,2]');
    expect(() => program.write([new Float32Array(1)])).toThrow('The program has 0 variables, not 1');
    program.dispose();
    expect(() => program.run('main', { x: new Float32Array(2) })).toThrow('after it was disposed');
  });

  it('leaves neither tensors nor folders behind', async () => {
    const folders = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`label-relaxation-program-${process.pid}`));
    const variable = tf.variable(tf.ones([2]));
    const before = tf.memory().numTensors;
    const program = await compileOne((x) => x.mul(variable), [variable]);
    program.run('main', { x: new Float32Array(4) });
    program.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(folders()).toEqual([]);
  });
});

const stray = tf.variable(tf.ones([2]), true, 'stray');
