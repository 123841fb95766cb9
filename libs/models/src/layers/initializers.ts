import { statelessTruncatedNormal, statelessUniform, tf } from '@label-relaxation/runtime';

/** How a kernel gets its first values: Keras's `glorot_uniform` or `he_normal`. */
export type KernelInitializer = 'glorot_uniform' | 'he_normal';

type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

/** Standard deviation of the standard normal distribution cut off at 2. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/**
 * A tfjs initializer of that name that draws from TensorFlow's stateless generators: fast, and a function of its seeds
 * alone, 0 included (tfjs's own draws in JavaScript, one number after another).
 *
 * @param seed of the network
 * @param stream which of the network's kernels this is
 */
export function kernelInitializer(name: KernelInitializer, seed: number, stream: number): Initializer {
  const draw = { glorot_uniform: glorotUniform, he_normal: heNormal }[name];
  const standard = { glorot_uniform: tf.initializers.glorotUniform, he_normal: tf.initializers.heNormal }[
    name
  ];
  const initializer = standard({ seed });
  initializer.apply = (shape) => tf.tidy(() => draw(shape as number[], tf.tensor1d([seed, stream], 'int32')));
  return initializer;
}

/** Uniform in +-sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010). */
function glorotUniform(shape: number[], seed: tf.Tensor1D): tf.Tensor {
  const { fanIn, fanOut } = fans(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return tf.sub(tf.mul(statelessUniform(shape, seed), 2 * limit), limit);
}

/** Normal of variance 2 / fan in, cut off at 2 deviations before scaling, as in Keras (He et al., 2015). */
function heNormal(shape: number[], seed: tf.Tensor1D): tf.Tensor {
  const deviation = Math.sqrt(2 / fans(shape).fanIn) / TRUNCATED_DEVIATION;
  return tf.mul(statelessTruncatedNormal(shape, seed), deviation);
}

/** Inputs and outputs of a unit; a kernel's shape ends in [in, out], before that is its window. */
function fans(shape: number[]): { fanIn: number; fanOut: number } {
  const window = shape.slice(0, -2).reduce((area, side) => area * side, 1);
  const [channelsIn, channelsOut] = shape.slice(-2) as [number, number];
  return { fanIn: window * channelsIn, fanOut: window * channelsOut };
}
