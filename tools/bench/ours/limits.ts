/** The work of training steps and this machine's limits, as JSON: limits.ts BATCH NETWORK ... */
import { createModel } from '@label-relaxation/models';
import { applyKerasMomentum, compile, matMul, tf } from '@label-relaxation/runtime';
import { stepWork } from '../bound/step-work';
import { benchNetworks, type NetworkName } from '../networks';

/** Rows and columns of matrices that no cache holds, and whose rows do not fall into one set of it. */
const SIZE = 2064;
const WEIGHTS = 2 ** 25;
const TRIES = 7;

/** Seconds of the fastest of some calls. */
function fastest(call: () => void): number {
  const times = Array.from({ length: TRIES }, () => {
    const start = performance.now();
    call();
    return performance.now() - start;
  });
  return Math.min(...times) / 1000;
}

/** Multiplications and additions a second, in the product of large matrices. */
function arithmetic(): number {
  const [a, b] = [tf.ones([SIZE, SIZE]), tf.ones([SIZE, SIZE])];
  return (2 * SIZE ** 3) / fastest(() => tf.dispose(matMul(a as tf.Tensor2D, b as tf.Tensor2D)));
}

/** Bytes a second to and from memory, in a momentum update: of three tensors that are read two are written. */
async function memory(): Promise<number> {
  const [variable, velocity, gradient] = [0, 1, 2].map(() =>
    tf.variable(tf.zeros([WEIGHTS])),
  ) as tf.Variable[];
  const update = {
    variable: variable!,
    velocity: velocity!,
    gradient: gradient!,
    momentum: 0.9,
    nesterov: true,
  };
  const program = await compile({
    variables: [variable!, velocity!, gradient!],
    entries: {
      update: {
        inputs: { learningRate: { dtype: 'float32', shape: [] } },
        fn: ({ learningRate }) => {
          applyKerasMomentum({ ...update, learningRate: learningRate as tf.Scalar });
          return { learningRate: learningRate! };
        },
      },
    },
  });
  const learningRate = Float32Array.of(0);
  return (5 * 4 * WEIGHTS) / fastest(() => program.run('update', { learningRate }));
}

async function main([batch, ...names]: readonly string[]): Promise<void> {
  const works = names.map((name) => {
    const { inputShape } = benchNetworks[name as NetworkName];
    const { network } = createModel(name as NetworkName, { inputShape, classes: 10, seed: 0 });
    return stepWork(network, Number(batch));
  });
  process.stdout.write(JSON.stringify({ works, arithmetic: arithmetic(), memory: await memory() }));
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
