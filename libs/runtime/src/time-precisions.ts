import { applyKerasMomentum } from './apply-keras-momentum';
import { conv2d } from './kernels/conv2d';
import { matMul } from './kernels/mat-mul';
import { relu } from './kernels/relu';
import { compile } from './program/program';
import { tf } from './tensorflow';

/** Milliseconds of a training step in each number format. */
export interface PrecisionTimes {
  readonly float32: number;
  readonly bfloat16: number;
}

/** What takes the time of a network's step. */
export type LayerKind = 'dense' | 'convolution';

export type LayerTimes = Readonly<Record<LayerKind, PrecisionTimes>>;

interface Layer {
  /** Of an example. */
  readonly inputs: readonly number[];
  readonly weights: readonly number[];
  readonly apply: (x: tf.Tensor, weights: tf.Tensor) => tf.Tensor;
}

const layers: Readonly<Record<LayerKind, Layer>> = {
  dense: {
    inputs: [1024],
    weights: [1024, 1024],
    apply: (x, weights) => matMul(x as tf.Tensor2D, weights as tf.Tensor2D),
  },
  convolution: {
    inputs: [8, 8, 64],
    weights: [3, 3, 64, 64],
    apply: (x, weights) => conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, null, { padding: 'SAME' }),
  },
};

const precisions = ['float32', 'bfloat16'] as const;
const batchSize = 64;
const rounds = 15;

/**
 * Times a training step of two layers of each kind on this machine, compiled as those of the study's networks are. It
 * takes about a second.
 */
export async function timePrecisions(): Promise<LayerTimes> {
  return { dense: await timesOf(layers.dense), convolution: await timesOf(layers.convolution) };
}

/** Both formats by turns: medians. */
async function timesOf({ inputs: shape, weights, apply }: Layer): Promise<PrecisionTimes> {
  const variables = tf.tidy(() =>
    [0, 1, 2, 3].map((i) => tf.variable(tf.randomUniform([...weights], -0.01, 0.01, 'float32', i + 1))),
  );
  const [trained, velocities] = [variables.slice(0, 2), variables.slice(2)];
  const entryOf = (precision: (typeof precisions)[number]) => ({
    precision,
    inputs: { x: { dtype: 'float32' as const, shape: ['batch', ...shape] as const } },
    fn: ({ x }: Readonly<Record<string, tf.Tensor>>) => {
      const { value, grads } = tf.variableGrads(
        () =>
          trained
            .reduce((y, w) => relu(apply(y, w)), x!)
            .square()
            .mean() as tf.Scalar,
        trained,
      );
      trained.forEach((variable, i) =>
        applyKerasMomentum({
          variable,
          velocity: velocities[i]!,
          gradient: grads[variable.name]!,
          learningRate: tf.scalar(0.01),
          momentum: 0.9,
          nesterov: true,
        }),
      );
      return { loss: value };
    },
  });
  const program = await compile({
    variables,
    entries: { float32: entryOf('float32'), bfloat16: entryOf('bfloat16') },
  });
  try {
    const x = new Float32Array(batchSize * tf.util.sizeFromShape([...shape])).fill(0.5);
    const times = { float32: [] as number[], bfloat16: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      for (const precision of precisions) {
        const start = performance.now();
        program.run(precision, { x });
        // The first round prepares what later ones need.
        if (round > 0) times[precision].push(performance.now() - start);
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    return { float32: median(times.float32), bfloat16: median(times.bfloat16) };
  } finally {
    program.dispose();
    tf.dispose(variables);
  }
}
