import { anywhere, avx2, handle, input as given, N, passed, read, shown } from '../../../test/graphs';
import { graphOf } from '../../graph/graph-of';
import { makeOp, matMul as product, scalar } from '../../graph/ops';
import { applyKerasMomentum } from '../../apply-keras-momentum';
import { matMul } from '../../kernels/mat-mul';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';
import type { EntryPoint } from '../../trace/entry-point';
import { trace } from '../../trace/trace';
import { wideMatrices, wideVariables } from './wide-matrices';

const COLUMNS = 2048;

interface Variables {
  readonly weights: tf.Variable;
  readonly velocity: tf.Variable;
  readonly scale: tf.Variable;
}

function variables(): Variables {
  return {
    weights: tf.variable(tf.randomNormal([3, COLUMNS], 0, 1, 'float32', 1)),
    velocity: tf.variable(tf.randomNormal([3, COLUMNS], 0, 1, 'float32', 2)),
    scale: tf.variable(tf.randomNormal([COLUMNS, 2], 0, 1, 'float32', 3)),
  };
}

/** A layer of two products, trained with or without a penalty on the wide matrix. */
function step({ weights, velocity, scale }: Variables, x: tf.Tensor, penalty: number): tf.Tensor {
  const loss = (image: tf.Tensor, w: tf.Tensor): tf.Tensor => {
    const y = matMul(tf.relu(matMul(image as tf.Tensor2D, w as tf.Tensor2D)), scale as tf.Tensor2D)
      .square()
      .mean();
    return penalty === 0 ? y : y.add(w.square().sum().mul(penalty));
  };
  const [dx, gradient] = tf.grads(loss)([x, weights]) as [tf.Tensor, tf.Tensor];
  const learningRate = tf.scalar(0.01);
  applyKerasMomentum({ variable: weights, velocity, gradient, learningRate, momentum: 0.9, nesterov: true });
  return dx;
}

const input = { dtype: 'float32', shape: ['batch', 3] } as const;
const rows = Float32Array.of(1, -2, 0.5, 0.25, 3, -1);

function near(values: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(values).toHaveLength(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(Math.max(...Array.from(expected, (value, i) => Math.abs(value - values[i]!)))).toBeLessThan(
    1e-5 * scale,
  );
}

it.each([0, 0.1])('trains a matrix with rows of pages as tfjs does, penalty %d', async (penalty) => {
  const [eager, compiled] = [variables(), variables()];
  const entry: EntryPoint = {
    inputs: { x: input },
    fn: ({ x }) => ({ dx: step(compiled, x!, penalty) }),
  };
  const list = Object.values(compiled);
  expect([...wideVariables([trace(entry, { variables: list })])].sort()).toEqual([0, 1]);

  const program = await compile({ variables: list, entries: { main: entry } });
  for (let i = 0; i < 3; i++) {
    const dx = tf.tidy(() => step(eager, tf.tensor2d(rows, [2, 3]), penalty).dataSync());
    near(program.run('main', { x: rows })['dx']!, dx);
  }
  Object.values(eager).forEach((variable, i) => near(program.read()[i]!, variable.dataSync()));
  program.write(list.map((variable) => variable.dataSync() as Float32Array));
  expect(program.read()).toEqual(list.map((variable) => variable.dataSync()));
  program.dispose();
});

it('assigns to such a matrix, and computes with it other than by products', async () => {
  const { weights } = variables();
  const start = weights.dataSync();
  const program = await compile({
    variables: [weights],
    entries: {
      main: {
        inputs: { x: input },
        fn: ({ x }) => {
          const product = matMul(x as tf.Tensor2D, weights as unknown as tf.Tensor2D);
          weights.assign(weights.mul(2));
          return { product, sum: weights.sum(1) };
        },
      },
    },
  });
  const { product, sum } = program.run('main', { x: rows });
  const matrix = tf.tensor2d(start, [3, COLUMNS]);
  near(product!, tf.matMul(tf.tensor2d(rows, [2, 3]), matrix).dataSync());
  near(sum!, matrix.sum(1).mul(2).dataSync());
  near(program.read()[0]!, matrix.mul(2).dataSync());
  program.dispose();
});

it('leaves alone other matrices, and those that are no right factors', () => {
  const [narrow, left] = [tf.variable(tf.ones([3, 1000])), tf.variable(tf.ones([3, 1024]))];
  const entry: EntryPoint = {
    inputs: { x: input },
    fn: ({ x }) => ({ a: tf.matMul(x!, narrow), b: tf.matMul(left, x!, true, true) }),
  };
  expect(wideVariables([trace(entry, { variables: [narrow, left] })]).size).toBe(0);
});

it('reads, multiplies and updates with extra columns', () => {
  const [x, dy] = [given('x', [N, 3]), given('dy', [N, 1024])];
  const gradient = product(x, dy, { left: true });
  const inputs = [handle(0, [3, 1024]), handle(1, [3, 1024]), given('rate', []), gradient, scalar(1)];
  const update = makeOp('ResourceApplyKerasMomentum', inputs, {}, []);
  const weights = read(0, [3, 1024]);
  const before = graphOf({ y: product(x, weights), dx: product(dy, weights, { right: true }) }, [update]);
  expect(shown(before)).toEqual([
    '%0 = MatMul(x, read 0 [3, 1024]) [N, 1024]',
    '%1 = MatMul(dy, read 0 [3, 1024]) [N, 3]',
    '%2 = MatMul(x, dy) [3, 1024]',
    '%3 = ResourceApplyKerasMomentum(handle 0 [3, 1024], handle 1 [3, 1024], rate, %2, 1)',
    'y = %0',
    'dx = %1',
  ]);
  expect(passed(wideMatrices, before, avx2)).toEqual([
    '%0 = MatMul(x, read 0 [3, 1040]) [N, 1040]',
    '%1 = Slice(%0, (0, 0), (-1, 1024)) [N, 1024]',
    '%2 = Pad(dy, (0, 0, 0, 16)) [N, 1040]',
    '%3 = MatMul(%2, read 0 [3, 1040]) [N, 3]',
    '%4 = MatMul(x, %2) [3, 1040]',
    '%5 = ResourceApplyKerasMomentum(handle 0 [3, 1040], handle 1 [3, 1040], rate, %4, 1)',
    'y = %1',
    'dx = %3',
  ]);
  expect([avx2, anywhere].map(wideMatrices.appliesTo)).toEqual([true, false]);
});
