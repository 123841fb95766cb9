import { near, normal } from '../test/tensors';
import {
  BATCH_NORM_FACTORS,
  BATCH_NORM_GRADIENT,
  CHANNEL_STATISTICS,
  nativeLanes,
  NORMALISE,
} from './native-ops';
import { op } from './op';
import { tf } from './tensorflow';

/** The widths that this machine has, each with code of its own. */
const widest = nativeLanes();
const widths = ([8, 16] as const).filter((lanes) => widest !== null && lanes <= widest);

const EPSILON = 1e-3;

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** Mean and biased variance of each channel, in double precision. */
function statistics(x: Float32Array, channels: number): { mean: Float64Array; variance: Float64Array } {
  const pixels = x.length / channels;
  const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)];
  x.forEach((value, i) => (mean[i % channels]! += value / pixels));
  x.forEach((value, i) => (variance[i % channels]! += (value - mean[i % channels]!) ** 2 / pixels));
  return { mean, variance };
}

/** Pixels, and channels more than a vector has lanes. */
const shapes: readonly [string, number, number][] = [
  ['one pixel', 1, 0],
  ['two pixels, a channel more than a vector', 2, 1],
  ['almost two vectors', 13, 7],
  ['two vectors', 9, 8],
  ['more pixels than are taken at once', 300, 4],
  ['more pixels than a part has', 1100, 3],
  ['more channels than are taken at once', 3, 2100],
];

describe.each(widths)('batch-norm with vectors of %d floats', (lanes) => {
  const width = { lanes: { int: lanes } };
  describe.each(shapes)('%s', (_, pixels, more) => {
    const channels = lanes + more;
    const values = (tensor: tf.Tensor) => tensor.dataSync<'float32'>();
    const image = (seed: number): tf.Tensor => normal([pixels, 1, 1, channels], seed);

    it.each([0, 1000])('has the statistics of images around %d', (around) => {
      const x = image(1).add(around);
      const { mean, variance } = statistics(values(x), channels);
      const [means, variances] = op(CHANNEL_STATISTICS, width, [x], 2);
      near(values(means!), mean, 1e-6);
      near(values(variances!), variance, 3e-6 + around * 3e-8);
    });

    it.each([true, false])('normalises, and gives all gradients: rectified %s', (rectify) => {
      const [x, dy] = [image(1), image(2)];
      const [gamma, beta] = [normal([channels], 4), normal([channels], 5)];
      const [mean, variance] = op(CHANNEL_STATISTICS, width, [x], 2) as [tf.Tensor, tf.Tensor];
      const scale = gamma.div(variance.add(EPSILON).sqrt());
      const shift = beta.sub(mean.mul(scale));
      const [xs, dys] = [x, dy].map(values) as [Float32Array, Float32Array];
      const [means, variances, scales, shifts] = [mean, variance, scale, shift].map(values) as Float32Array[];

      const y = new Float64Array(xs.length);
      const [dgamma, dbeta] = [new Float64Array(channels), new Float64Array(channels)];
      const dz = new Float64Array(xs.length);
      const xhat = (i: number): number => {
        const c = i % channels;
        return (xs[i]! - means![c]!) / Math.sqrt(variances![c]! + EPSILON);
      };
      xs.forEach((value, i) => {
        const c = i % channels;
        const z = value * scales![c]! + shifts![c]!;
        y[i] = rectify ? Math.max(0, z) : z;
        dz[i] = !rectify || Math.fround(z) > 0 ? dys[i]! : 0;
        dgamma[c]! += dz[i]! * xhat(i);
        dbeta[c]! += dz[i]!;
      });
      const dx = dz.map((gradient, i) => {
        const c = i % channels;
        const centred = gradient - dbeta[c]! / pixels - (xhat(i) * dgamma[c]!) / pixels;
        return scales![c]! * centred;
      });

      near(values(op(NORMALISE, { rectify, ...width }, [x, scale, shift], 1)[0]!), y);
      const attributes = { rectify, epsilon: { float: EPSILON }, ...width };
      const inputs = [dy, x, scale, shift, mean, variance];
      const gradients = op(BATCH_NORM_GRADIENT, attributes, inputs, 3).map(values);
      [dx, dgamma, dbeta].forEach((expected, i) => near(gradients[i]!, expected, 1e-5));
    });
  });

  it('refuses images of fewer channels, and vectors of another length', () => {
    const [x, few, vector] = [tf.zeros([2, lanes]), tf.zeros([2, lanes - 1]), tf.zeros([lanes])];
    const normalise = (...inputs: tf.Tensor[]) => op(NORMALISE, { rectify: false, ...width }, inputs, 1);
    expect(() => op(CHANNEL_STATISTICS, width, [few], 2)).toThrow(`at least ${lanes} channels`);
    expect(() => normalise(x, vector, tf.zeros([lanes + 1]))).toThrow("shapes don't fit");
    const attributes = { rectify: false, epsilon: { float: EPSILON }, ...width };
    const inputs = [tf.zeros([3, lanes]), x, vector, vector, vector, vector];
    expect(() => op(BATCH_NORM_GRADIENT, attributes, inputs, 3)).toThrow("shapes don't fit");
  });

  it('gives the same whatever has no pixel', () => {
    const x = tf.zeros([0, lanes]);
    const [mean, variance] = op(CHANNEL_STATISTICS, width, [x], 2);
    expect([mean!, variance!].map((tensor) => Array.from(tensor.dataSync()))).toEqual([
      Array(lanes).fill(0),
      Array(lanes).fill(0),
    ]);
    const normalise = op(NORMALISE, { rectify: true, ...width }, [x, mean!, variance!], 1);
    expect(normalise[0]!.shape).toEqual([0, lanes]);
  });
});

(widest === null ? it.skip : it)('has the factors and moving averages of FusedBatchNormV3', () => {
  const channels = 5;
  const x = normal([4, 3, 2, channels], 1);
  const vectors = [2, 3, 4, 5].map((seed) => normal([channels], seed).abs());
  const settings = { epsilon: { float: EPSILON } } as const;
  const [y, movingMean, movingVariance, mean, variance] = op(
    'FusedBatchNormV3',
    {
      ...settings,
      T: { type: 'float32' },
      U: { type: 'float32' },
      is_training: true,
      exponential_avg_factor: { float: 0.3 },
    },
    [x, ...vectors],
    6,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [scale, shift, nextMean, nextVariance] = op(
    BATCH_NORM_FACTORS,
    { ...settings, rate: { float: 0.3 } },
    [x, mean, variance, ...vectors],
    4,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const doubles = (tensor: tf.Tensor) => Float64Array.from(tensor.dataSync());
  near(x.mul(scale).add(shift).dataSync(), doubles(y));
  near(nextMean.dataSync(), doubles(movingMean));
  near(nextVariance.dataSync(), doubles(movingVariance));
});
