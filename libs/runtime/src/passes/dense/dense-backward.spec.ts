import { avx2, half, handle, input, N, passed, read, shown } from '../../../test/graphs';
import { graphOf } from '../../graph/graph-of';
import { makeOp, matMul as product, scalar } from '../../graph/ops';
import { denseBackward } from './dense-backward';
import { compiledOps } from '../../../test/compiled-ops';
import { applyKerasMomentum } from '../../apply-keras-momentum';
import { DENSE_BACKWARD, type nativeLanes } from '../../native-ops';
import { instructionSets } from '../../processor';
import { matMul } from '../../kernels/mat-mul';
import { tf } from '../../tensorflow';
import { compile } from '../../program/program';
import type { EntryPoint, Precision } from '../../trace/entry-point';

let mockLanes: 8 | 16 | null = null;
jest.mock('../../native-ops', () => ({
  ...jest.requireActual<object>('../../native-ops'),
  nativeLanes: () => mockLanes,
}));
const lanesHere = jest
  .requireActual<{ nativeLanes: typeof nativeLanes }>('../../native-ops')
  .nativeLanes(instructionSets());

interface Layers {
  readonly sizes: readonly number[];
  readonly nesterov: boolean;
  readonly l2?: number;
  /** Weights whose gradients are outputs, too. */
  readonly shown?: boolean;
  readonly precision?: Precision;
}

interface Network {
  readonly weights: readonly tf.Variable[];
  readonly velocities: readonly tf.Variable[];
}

function network({ sizes }: Layers): Network {
  const shapes = sizes.slice(1).map((outputs, i): [number, number] => [sizes[i]!, outputs]);
  const made = (seed: number): tf.Variable[] =>
    shapes.map((shape, i) => tf.variable(tf.randomNormal(shape, 0, shape[0] ** -0.5, 'float32', seed + i)));
  return { weights: made(1), velocities: made(10) };
}

/** Trains all layers; gives the loss and what the weights were before. */
function train({ nesterov, l2 = 0, shown = false }: Layers, { weights, velocities }: Network, x: tf.Tensor) {
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const y = values.reduce((layer, w) => matMul(tf.relu(layer) as tf.Tensor2D, w as tf.Tensor2D), x);
    const error: tf.Scalar = y.square().mean();
    return l2 === 0 ? error : values.reduce<tf.Scalar>((sum, w) => sum.add(w.square().sum().mul(l2)), error);
  };
  const { value, grads } = tf.valueAndGrads(loss)([...weights]);
  weights.forEach((variable, i) =>
    applyKerasMomentum({
      variable,
      velocity: velocities[i]!,
      gradient: grads[i]!,
      learningRate: tf.scalar(0.02),
      momentum: 0.9,
      nesterov,
    }),
  );
  return { loss: value as tf.Scalar, ...(shown ? { gradient: grads[0]! } : {}) };
}

function entryOf(layers: Layers, net: Network, shape: readonly (number | 'batch')[]): EntryPoint {
  return {
    precision: layers.precision,
    inputs: { x: { dtype: 'float32', shape } },
    fn: ({ x }) => train(layers, net, x!.reshape([-1, layers.sizes[0]!])),
  };
}

/** How many of our ops there are in the compiled graph. */
function ops(layers: Layers, shape: readonly (number | 'batch')[] = ['batch', layers.sizes[0]!]): number {
  const net = network(layers);
  const nodes = compiledOps(entryOf(layers, net, shape), [...net.weights, ...net.velocities]);
  return nodes.filter(({ op }) => op === DENSE_BACKWARD).length;
}

function near(values: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(values).toHaveLength(expected.length);
  let [scale, error] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    error = Math.max(error, Math.abs(values[i]! - expected[i]!));
  }
  expect(error).toBeLessThan(1e-5 * scale);
}

const some: Layers = { sizes: [45, 130, 37], nesterov: true };

const lanes = ([8, 16] as const).filter((count) => lanesHere !== null && count <= lanesHere);

/** What the op is not for, and for what it is where there is one. */
describe('which layers it is for', () => {
  beforeEach(() => (mockLanes = 8));
  it.each<[string, Layers, number]>([
    ['large layers', some, 2],
    ['no small layer', { ...some, sizes: [45, 130, 10] }, 1],
    ['no gradient with a penalty', { ...some, l2: 0.1 }, 0],
    ['no gradient that is needed otherwise', { ...some, shown: true }, 1],
    ['nothing in bfloat16', { ...some, precision: 'bfloat16' }, 0],
  ])('%s', (_, layers, count) => expect(ops(layers)).toBe(count));

  it('no product with many rows for each example', () => {
    expect(ops(some, ['batch', 4, 45])).toBe(0);
  });

  it('none where there is no op', () => {
    mockLanes = null;
    expect(ops(some)).toBe(0);
  });
});

// Set-up has to have compiled the op where it can: what follows would be skipped in silence.
it('is there on Linux on x64 with AVX2', () => {
  const wanted = process.platform === 'linux' && process.arch === 'x64' && instructionSets().has('avx2');
  expect(lanesHere !== null).toBe(wanted);
});

describe.each(lanes)('with vectors of %d floats', (count) => {
  beforeEach(() => (mockLanes = count));
  it.each<[string, Layers, number]>([
    ['one example', some, 1],
    ['five examples', some, 5],
    ['a batch', some, 64],
    ['more than a batch', some, 70],
    ['plain momentum', { ...some, nesterov: false }, 16],
    ['rows of pages', { sizes: [64, 1024, 1024, 10], nesterov: true }, 64],
    ['whole tiles', { sizes: [60, 96, 64], nesterov: true }, 32],
  ])('trains as tfjs does: %s', async (_, layers, batch) => {
    const [eager, compiled] = [network(layers), network(layers)];
    const variables = [...compiled.weights, ...compiled.velocities];
    const entry = entryOf(layers, compiled, ['batch', layers.sizes[0]!]);
    const program = await compile({ variables, entries: { main: entry } });
    for (let step = 0; step < 3; step++) {
      const x = tf.randomNormal([batch, layers.sizes[0]!], 0, 1, 'float32', step);
      const loss = tf.tidy(() => train(layers, eager, x).loss.dataSync());
      near(program.run('main', { x: x.dataSync() as Float32Array })['loss']!, loss);
    }
    const values = program.read();
    [...eager.weights, ...eager.velocities].forEach((variable, i) => near(values[i]!, variable.dataSync()));
    program.dispose();
  });

  it('leaves to others the value that they read', async () => {
    const net = network(some);
    const variables = [...net.weights, ...net.velocities];
    const entry: EntryPoint = {
      inputs: { x: { dtype: 'float32', shape: ['batch', 45] } },
      fn: ({ x }) => {
        const before = net.weights[0]!.mul(2);
        return { ...train(some, net, x!), before };
      },
    };
    const program = await compile({ variables, entries: { main: entry } });
    const before = program.read()[0]!;
    expect(program.run('main', { x: new Float32Array(90).fill(1) })['before']).toEqual(
      before.map((value) => 2 * value),
    );
    expect(program.read()[0]).not.toEqual(before);
    program.dispose();
  });
});

it('makes one op of both gradients and the update', () => {
  const [x, dy] = [input('x', [N, 64]), input('dy', [N, 100])];
  const gradient = product(x, dy, { left: true });
  const inputs = [handle(0, [64, 100]), handle(1, [64, 100]), input('rate', []), gradient, scalar(0.5)];
  const update = makeOp('ResourceApplyKerasMomentum', inputs, { use_nesterov: true }, []);
  const dx = product(dy, read(0, [64, 100]), { right: true });
  const before = graphOf({ dx }, [update]);
  const rates = 'handle 0 [64, 100], handle 1 [64, 100]';
  expect(shown(before)).toEqual([
    '%0 = MatMul(dy, read 0 [64, 100]) [N, 64]',
    '%1 = MatMul(x, dy) [64, 100]',
    `%2 = ResourceApplyKerasMomentum(${rates}, rate, %1, constant [])`,
    'dx = %0',
  ]);
  expect(passed(denseBackward, before, avx2, 'momentum', 'input_gradient')).toEqual([
    `%0 = ${DENSE_BACKWARD}(${rates}, x, dy, rate) momentum={"float":0.5} input_gradient=true [N, 64]`,
    'dx = %0',
  ]);
  expect([avx2, half].map(denseBackward.appliesTo)).toEqual([true, false]);
});
