import { near, normal } from '../test/tensors';
import { type Lanes, nativeLanes, NORMALISED_PRODUCT, NORMALISED_PRODUCT_GRADIENT } from './native-ops';
import { op } from './op';
import { tf } from './tensorflow';

const widest = nativeLanes();
const widths = ([8, 16] as const).filter((lanes) => widest !== null && lanes <= widest);

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const EPSILON = 1e-3;

interface Case {
  /** Images, height and width. */
  readonly images: readonly [number, number, number];
  /** Channels of each part. */
  readonly parts: readonly number[];
  readonly filters: number;
}

/** Tensors of a case, and their numbers. */
function tensorsOf({ images, parts, filters }: Case) {
  const channels = parts.reduce((sum, count) => sum + count);
  const tensors = {
    gamma: normal([channels], 2),
    beta: normal([channels], 3),
    mean: normal([channels], 4),
    variance: normal([channels], 5).square(),
    filter: normal([1, 1, channels, filters], 6),
    dy: normal([...images, filters], 7),
    bias: normal([filters], 8),
    same: normal([...images, filters], 9),
    wider: normal([...images, channels + 3], 10),
    narrow: normal([...images, channels], 11),
  };
  const xs = parts.map((count, i) => normal([...images, count], 20 + i));
  const deviation = tf.rsqrt(tensors.variance.add(EPSILON));
  const scale = tensors.gamma.mul(deviation);
  const shift = tensors.beta.sub(tensors.mean.mul(scale));
  return { ...tensors, xs, scale, shift, x: tf.concat(xs, 3), channels };
}

/** The op's outputs. */
function product(
  tensors: ReturnType<typeof tensorsOf>,
  others: readonly tf.Tensor[],
  lanes: Lanes,
): tf.Tensor {
  const { xs, scale, shift, filter } = tensors;
  const attributes = { parts: { int: xs.length }, count: { int: others.length }, lanes: { int: lanes } };
  return op(NORMALISED_PRODUCT, attributes, [...xs, scale, shift, filter, ...others], 1)[0]!;
}

function gradient(
  tensors: ReturnType<typeof tensorsOf>,
  others: readonly tf.Tensor[],
  lanes: Lanes,
): tf.Tensor[] {
  const { dy, xs, scale, shift, mean, variance, filter } = tensors;
  const attributes = {
    parts: { int: xs.length },
    count: { int: others.length },
    epsilon: { float: EPSILON },
    lanes: { int: lanes },
  };
  const inputs = [dy, ...xs, scale, shift, mean, variance, filter, ...others];
  return op(NORMALISED_PRODUCT_GRADIENT, attributes, inputs, 5);
}

/** What loops in double precision give. */
function expectedOf(tensors: ReturnType<typeof tensorsOf>, filters: number) {
  const { channels } = tensors;
  const numbers = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();
  const [x, scale, shift, w, dy] = [tensors.x, tensors.scale, tensors.shift, tensors.filter, tensors.dy].map(
    numbers,
  );
  const [mean, variance] = [tensors.mean, tensors.variance].map(numbers);
  const pixels = x!.length / channels;
  const [y, dz] = [new Float64Array(pixels * filters), new Float64Array(x!.length)];
  const [dx, dw] = [new Float64Array(x!.length), new Float64Array(w!.length)];
  const [dgamma, dbeta] = [new Float64Array(channels), new Float64Array(channels)];
  const dbias = new Float64Array(filters);
  dy!.forEach((value, i) => (dbias[i % filters]! += value));
  const precision = (c: number): number => 1 / Math.sqrt(variance![c]! + EPSILON);
  for (let i = 0; i < x!.length; i++) {
    const [pixel, c] = [Math.floor(i / channels), i % channels];
    // As in single precision: whether it is above zero must not depend on digits behind.
    const z = Math.max(0, x![i]! * scale![c]! + shift![c]!);
    for (let f = 0; f < filters; f++) {
      y[pixel * filters + f]! += z * w![c * filters + f]!;
      dw[c * filters + f]! += z * dy![pixel * filters + f]!;
      if (z > 0) dz[i]! += dy![pixel * filters + f]! * w![c * filters + f]!;
    }
    dbeta[c]! += dz[i]!;
    dgamma[c]! += dz[i]! * (x![i]! - mean![c]!) * precision(c);
  }
  for (let i = 0; i < x!.length; i++) {
    const c = i % channels;
    const normalised = (x![i]! - mean![c]!) * precision(c);
    dx[i] = scale![c]! * (dz[i]! - dbeta[c]! / pixels - (normalised * dgamma[c]!) / pixels);
  }
  return { y, dx, dw, dgamma, dbeta, dbias };
}

function plus(sum: Float64Array, ...others: readonly tf.Tensor[]): Float64Array {
  const values = others.map((other) => other.dataSync());
  return sum.map((number, i) => values.reduce((all, other) => all + other[i % other.length]!, number));
}

describe.each(widths)('products of normalised images with vectors of %d floats', (lanes) => {
  it.each<[string, Case]>([
    ['one number', { images: [1, 1, 1], parts: [1], filters: 1 }],
    ['one pixel', { images: [1, 1, 1], parts: [16], filters: 16 }],
    ['one channel', { images: [3, 5, 7], parts: [1], filters: 20 }],
    ['one filter', { images: [3, 5, 7], parts: [20], filters: 1 }],
    ['odd numbers of channels', { images: [2, 5, 3], parts: [7], filters: 9 }],
    ['a channel more than a vector', { images: [2, 3, 3], parts: [17], filters: 17 }],
    ['a channel less than two vectors', { images: [2, 3, 3], parts: [31], filters: 15 }],
    ['no whole tile of channels', { images: [1, 7, 7], parts: [64], filters: 32 }],
    ['a pixel more than are packed at once', { images: [1, 7, 7], parts: [24], filters: 48 }],
    ['several sums', { images: [5, 17, 19], parts: [13], filters: 12 }],
    ['several parts', { images: [2, 7, 9], parts: [24, 12, 12], filters: 48 }],
    ['small parts', { images: [1, 3, 2], parts: [1, 3, 1, 2, 9], filters: 5 }],
  ])('%s', (_, shape) => {
    const tensors = tensorsOf(shape);
    const { bias, same, wider, narrow, channels } = tensors;
    const expected = expectedOf(tensors, shape.filters);
    near(product(tensors, [], lanes).dataSync(), expected.y);
    near(product(tensors, [bias], lanes).dataSync(), plus(expected.y, bias));
    near(product(tensors, [same, bias, same], lanes).dataSync(), plus(expected.y, same, bias, same));

    const [dx, dw, dgamma, dbeta, dbias] = gradient(tensors, [], lanes).map((tensor) => tensor.dataSync());
    near(dx!, expected.dx, 1e-5);
    near(dw!, expected.dw);
    near(dgamma!, expected.dgamma, 1e-5);
    near(dbeta!, expected.dbeta);
    near(dbias!, expected.dbias);
    const first = tf.slice(wider, [0, 0, 0, 0], [-1, -1, -1, channels]);
    const [sum] = gradient(tensors, [wider, narrow], lanes);
    near(sum!.dataSync(), plus(expected.dx, first, narrow), 1e-5);
  });

  it('gives what TensorFlow gives', () => {
    const tensors = tensorsOf({ images: [3, 4, 5], parts: [20], filters: 12 });
    const { x, gamma, beta, filter, dy } = tensors;
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const scale = gamma.mul(tf.rsqrt(variance.add(EPSILON)));
    const own = { ...tensors, mean, variance, scale, shift: beta.sub(mean.mul(scale)) };
    const convolved = (
      image: tf.Tensor,
      factor: tf.Tensor,
      offset: tf.Tensor,
      weights: tf.Tensor,
    ): tf.Tensor => {
      const moments = tf.moments(image, [0, 1, 2]);
      const z = tf.batchNorm4d(
        image as tf.Tensor4D,
        moments.mean as tf.Tensor1D,
        moments.variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        factor as tf.Tensor1D,
        EPSILON,
      );
      return tf.conv2d(tf.relu(z), weights as tf.Tensor4D, 1, 'same');
    };
    const inputs = [x, gamma, beta, filter];
    near(product(own, [], lanes).dataSync(), Float64Array.from(convolved(x, gamma, beta, filter).dataSync()));
    const [dx, dw, dgamma, dbeta] = gradient(own, [], lanes);
    const grads = tf.grads(convolved as never)(inputs, dy as never) as tf.Tensor[];
    [dx, dgamma, dbeta, dw].forEach((value, i) => {
      near(value!.dataSync(), Float64Array.from(grads[i]!.dataSync()), 2e-5);
    });
  });

  it('takes no image', () => {
    const tensors = tensorsOf({ images: [0, 3, 3], parts: [8], filters: 8 });
    expect(product(tensors, [], lanes).shape).toEqual([0, 3, 3, 8]);
    for (const value of gradient(tensors, [], lanes)) {
      expect(Array.from(value.dataSync()).every((number) => number === 0)).toBe(true);
    }
  });

  it('refuses shapes that don’t fit', () => {
    const tensors = tensorsOf({ images: [2, 3, 3], parts: [4, 4], filters: 8 });
    const { filter, xs, dy, bias } = tensors;
    const wrong: Partial<typeof tensors>[] = [
      { filter: tf.reshape(filter, [1, 2, 4, 8]) },
      { filter: tf.zeros([1, 1, 9, 8]) },
      { xs: [xs[0]!, tf.zeros([2, 3, 4, 4])] },
      { scale: tf.zeros([7]) },
    ];
    for (const one of wrong) {
      expect(() => product({ ...tensors, ...one }, [], lanes)).toThrow("shapes don't fit");
      expect(() => gradient({ ...tensors, ...one }, [], lanes)).toThrow("shapes don't fit");
    }
    expect(() => product(tensors, [xs[0]!], lanes)).toThrow("shapes don't fit");
    expect(() => gradient(tensors, [bias], lanes)).toThrow("shapes don't fit");
    expect(() => gradient({ ...tensors, dy: tf.slice(dy, 1) }, [], lanes)).toThrow("shapes don't fit");
  });
});
