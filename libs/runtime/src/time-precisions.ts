import { conv2d } from './kernels/conv2d';
import { matMul } from './kernels/mat-mul';
import { compile } from './program/program';
import { tf } from './tensorflow';

/** Milliseconds of a few products and convolutions with their gradients, in each number format. */
export interface PrecisionTimes {
  readonly float32: number;
  readonly bfloat16: number;
}

const precisions = ['float32', 'bfloat16'] as const;
const rounds = 7;

/** Times the heavy computations of training on this machine, by turns: medians of seven. It takes about a second. */
export async function timePrecisions(): Promise<PrecisionTimes> {
  const weights = tf.tidy(() => [
    tf.variable(tf.randomUniform([1024, 1024], -1, 1, 'float32', 0)),
    tf.variable(tf.randomUniform([3, 3, 64, 64], -1, 1, 'float32', 1)),
  ]) as [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R4>];
  const [rows, images] = [
    new Float32Array(64 * 1024).fill(0.5),
    new Float32Array(32 * 16 * 16 * 64).fill(0.5),
  ];
  const entryOf = (precision: (typeof precisions)[number]) => ({
    precision,
    inputs: {
      rows: { dtype: 'float32' as const, shape: [64, 1024] },
      images: { dtype: 'float32' as const, shape: [32, 16, 16, 64] },
    },
    fn: ({ rows, images }: Readonly<Record<string, tf.Tensor>>) => {
      const [matrix, filter] = weights;
      const { grads } = tf.variableGrads(() => {
        const product = matMul(matMul(rows as tf.Tensor2D, matrix), matrix);
        const convolved = conv2d(images as tf.Tensor4D, filter, null, { padding: 'SAME' });
        return tf.add(product.square().mean(), convolved.square().mean());
      }, weights);
      return Object.fromEntries(weights.map(({ name }, i) => [`gradient${i}`, grads[name]!.max()]));
    },
  });
  const program = await compile({
    variables: weights,
    entries: { float32: entryOf('float32'), bfloat16: entryOf('bfloat16') },
  });
  try {
    const times = { float32: [] as number[], bfloat16: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      for (const precision of precisions) {
        const start = performance.now();
        program.run(precision, { rows, images });
        // The first round prepares what later ones need.
        if (round > 0) times[precision].push(performance.now() - start);
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    return { float32: median(times.float32), bfloat16: median(times.bfloat16) };
  } finally {
    program.dispose();
    tf.dispose(weights);
  }
}
