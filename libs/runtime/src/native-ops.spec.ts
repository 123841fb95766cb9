import { CONVOLUTION, DENSE_BACKWARD, FILTER_GRADIENT, UNIFORM, type Lanes, nativeLanes } from './native-ops';
import { op } from './op';
import { instructionSets } from './processor';
import { tf } from './tensorflow';
import { near, normal } from '../test/tensors';

/** The widths that this machine has, each with code of its own. */
const widest = nativeLanes();
const widths = ([8, 16] as const).filter((lanes) => widest !== null && lanes <= widest);

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** [images, height, width, channels, filters] */
type Shape = readonly [number, number, number, number, number];

/** Calls `visit` for each product of a 3x3 convolution with zeros around: places in y, x and w. */
function eachProduct(
  [images, height, width, channels, filters]: Shape,
  visit: (...places: number[]) => void,
) {
  for (let pixel = 0; pixel < images * height * width; pixel++) {
    const [row, column] = [Math.floor(pixel / width) % height, pixel % width];
    for (let tap = 0; tap < 9; tap++) {
      const [down, right] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
      const isInside =
        row + down >= 0 && row + down < height && column + right >= 0 && column + right < width;
      if (!isInside) continue;
      const x = (pixel + down * width + right) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const w = (tap * channels + channel) * filters;
        for (let filter = 0; filter < filters; filter++)
          visit(pixel * filters + filter, x + channel, w + filter);
      }
    }
  }
}

const shapes: readonly [string, Shape, least?: Lanes][] = [
  ['one pixel', [1, 1, 1, 16, 16]],
  ['one pixel of many images', [7, 1, 1, 16, 16]],
  ['one row', [1, 1, 9, 16, 16]],
  ['one column', [2, 9, 1, 16, 16]],
  ['two pixels', [1, 1, 2, 16, 16]],
  ['odd sizes', [3, 5, 7, 16, 16]],
  ['one size odd', [2, 4, 3, 16, 16]],
  ['a vector and some channels', [1, 3, 3, 17, 16], 16],
  ['a vector and some filters', [1, 3, 3, 16, 31], 16],
  ['almost two vectors', [2, 3, 2, 31, 31], 16],
  ['fewer channels than a wide vector', [1, 3, 3, 8, 9], 8],
  ['almost a panel', [2, 2, 3, 15, 15], 8],
  ['some channels to many filters', [1, 3, 2, 9, 96], 8],
  ['many channels to some filters', [1, 3, 2, 96, 9], 8],
  ['whole panels', [1, 2, 3, 32, 64]],
  ['more tiles than are taken at once', [1, 15, 27, 16, 16]],
  ['more tiles than there are for one thread', [2, 27, 31, 16, 16]],
  ['some of the tiles of a row', [1, 5, 203, 16, 16]],
  ['no image', [0, 3, 3, 16, 16]],
];

describe.each(widths)('convolutions with vectors of %d floats', (lanes) => {
  it.each(shapes.filter(([, , only = lanes]) => only === lanes))('%s', (_, shape) => {
    const [images, height, width, channels, filters] = shape;
    const x = normal([images, height, width, channels], 1);
    const w = normal([3, 3, channels, filters], 2);
    const dy = normal([images, height, width, filters], 3);
    const [scale, shift] = [normal([channels], 4), normal([channels], 5)];
    const [xs, ws, dys, scales, shifts] = [x, w, dy, scale, shift].map((tensor) =>
      tensor.dataSync(),
    ) as Float32Array[];
    const normalised = Float64Array.from(xs!, (value, i) =>
      Math.max(0, value * scales![i % channels]! + shifts![i % channels]!),
    );
    const dx = new Float64Array(x.size);
    eachProduct(shape, (toY, toX, toW) => (dx[toX]! += dys![toY]! * ws![toW]!));
    const vectors = { lanes: { int: lanes } };
    near(op(CONVOLUTION, { turned: true, ...vectors }, [dy, w], 1)[0]!.dataSync(), dx);
    for (const [read, factors] of [
      [xs!, []],
      [normalised, [scale, shift]],
    ] as const) {
      const [y, dw] = [new Float64Array(dy.size), new Float64Array(w.size)];
      eachProduct(shape, (toY, toX, toW) => {
        y[toY]! += read[toX]! * ws![toW]!;
        dw[toW]! += dys![toY]! * read[toX]!;
      });
      const attributes = { N: { int: factors.length }, ...vectors };
      const forward = { turned: false, ...attributes };
      near(op(CONVOLUTION, forward, [x, w, ...factors], 1)[0]!.dataSync(), y);
      near(op(FILTER_GRADIENT, attributes, [x, dy, ...factors], 1)[0]!.dataSync(), dw);
    }
  });

  it.each([1, lanes - 1, 2 * lanes + 1])('refuses %d channels', (channels) => {
    const [x, w] = [tf.zeros([1, 3, 3, channels]), tf.zeros([3, 3, channels, 32])];
    const convolve = () => op(CONVOLUTION, { turned: false, lanes: { int: lanes } }, [x, w], 1);
    expect(convolve).toThrow(`have to be multiples of ${2 * lanes}, or less than that and at least ${lanes}`);
  });

  it('refuses shapes that don’t fit', () => {
    const [x, w] = [tf.zeros([1, 3, 3, 16]), tf.zeros([3, 3, 32, 32])];
    expect(() => op(CONVOLUTION, { turned: false, lanes: { int: lanes } }, [x, w], 1)).toThrow(
      "shapes don't fit",
    );
    expect(() => op(FILTER_GRADIENT, { lanes: { int: lanes } }, [x, tf.zeros([1, 3, 2, 16])], 1)).toThrow(
      "shapes don't fit",
    );
  });

  it.each([
    ['one vector', [16]],
    ['vectors of other lengths', [16, 17]],
    ['three vectors', [16, 16, 16]],
  ])('refuses to normalise by %s', (_, lengths) => {
    const [x, w] = [tf.zeros([1, 3, 3, 16]), tf.zeros([3, 3, 16, 16])];
    const attributes = { N: { int: lengths.length }, lanes: { int: lanes } };
    const factors = lengths.map((length) => tf.zeros([length]));
    const refusal = 'images [1,3,3,16] are normalised by two vectors of 16';
    expect(() => op(CONVOLUTION, { turned: false, ...attributes }, [x, w, ...factors], 1)).toThrow(refusal);
    expect(() => op(FILTER_GRADIENT, attributes, [x, x, ...factors], 1)).toThrow(refusal);
  });
});

/** A resource variable. */
function variable(name: string, value: tf.Tensor): tf.Tensor {
  const attributes = { dtype: { type: 'float32' }, shape: { shape: value.shape } } as const;
  const [handle] = op('VarHandleOp', { ...attributes, container: '', shared_name: name }, [], 1);
  op('AssignVariableOp', { dtype: { type: 'float32' } }, [handle!, value], 0);
  return handle!;
}

function valueOf(handle: tf.Tensor): Float32Array {
  return op('ReadVariableOp', { dtype: { type: 'float32' } }, [handle], 1)[0]!.dataSync() as Float32Array;
}

/** [batch, inputs, outputs, columns of the weights that nobody asks for] */
type Layer = readonly [number, number, number, number];

describe.each(widths)('dense layers backwards with vectors of %d floats', (lanes) => {
  it.each<[string, Layer]>([
    ['one number', [1, 1, 1, 0]],
    ['one input', [3, 1, 40, 0]],
    ['one output', [3, 40, 1, 0]],
    ['one example', [1, 13, 33, 0]],
    ['odd sizes', [5, 7, 31, 0]],
    ['a whole tile', [64, 6, 32, 0]],
    ['a column more than a tile', [33, 12, 33, 0]],
    ['a row more than a tile', [16, 7, 16, 0]],
    ['longer rows', [4, 9, 20, 16]],
    ['no example', [0, 7, 9, 0]],
  ])('%s', (_, [batch, inputs, outputs, behind]) => {
    const columns = outputs + behind;
    const [x, dy] = [normal([batch, inputs], 1), normal([batch, outputs], 2)];
    const [w, v] = [normal([inputs, columns], 3), normal([inputs, columns], 4)];
    const [xs, dys, ws, vs] = [x, dy, w, v].map((tensor) => tensor.dataSync()) as Float32Array[];
    const [rate, momentum] = [0.02, 0.9];
    for (const nesterov of [false, true]) {
      const [weights, velocity] = [Float64Array.from(ws!), Float64Array.from(vs!)];
      const dx = new Float64Array(batch * inputs);
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++) {
          const place = input * columns + output;
          let gradient = 0;
          for (let example = 0; example < batch; example++) {
            gradient += xs![example * inputs + input]! * dys![example * outputs + output]!;
            dx[example * inputs + input]! += dys![example * outputs + output]! * ws![place]!;
          }
          velocity[place] = momentum * velocity[place]! - rate * gradient;
          weights[place]! += nesterov ? momentum * velocity[place] - rate * gradient : velocity[place];
        }
      }
      for (const wanted of [true, false]) {
        const name = `${_} ${lanes} ${nesterov} ${wanted}`;
        const handles = [variable(`w ${name}`, w), variable(`v ${name}`, v)];
        const attributes = {
          momentum: { float: momentum },
          use_nesterov: nesterov,
          input_gradient: wanted,
          lanes: { int: lanes },
        };
        const [result] = op(DENSE_BACKWARD, attributes, [...handles, x, dy, tf.scalar(rate)], 1);
        near(result!.dataSync(), wanted ? dx : new Float64Array(0));
        near(valueOf(handles[0]!), weights);
        near(valueOf(handles[1]!), velocity);
      }
    }
  });
});

// Set-up has to have compiled them where it can: what is above and below would be skipped in silence.
it('our ops are there on Linux on x64 with AVX2', () => {
  const wanted = process.platform === 'linux' && process.arch === 'x64' && instructionSets().has('avx2');
  expect(widest !== null).toBe(wanted);
});

const whereOpsAre = widest === null ? describe.skip : describe;

whereOpsAre('uniform numbers', () => {
  const types = { dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } } as const;
  it.each([[[]], [[0]], [[1]], [[3]], [[4, 7]], [[31]], [[32]], [[33]], [[2, 0, 3]], [[5, 1, 13]], [[4099]]])(
    'are TensorFlow’s in a tensor of shape %j',
    (shape) => {
      const size = tf.tensor1d(shape, 'int32');
      for (const seed of [
        [0, 0],
        [-1, 2147483647],
      ]) {
        const inputs = [size, tf.tensor1d(seed, 'int32')];
        const [drawn] = op(UNIFORM, {}, inputs, 1);
        expect(drawn!.shape).toEqual(shape);
        expect(drawn!.dataSync()).toEqual(op('StatelessRandomUniform', types, inputs, 1)[0]!.dataSync());
      }
    },
  );
});

whereOpsAre('the choice of a width', () => {
  const avx2 = new Set(['avx2', 'fma']);
  const avx512 = new Set(['avx2', 'fma', 'avx512f']);
  it.each<[string, ReadonlySet<string>, string, Lanes | null]>([
    ['AVX2', avx2, '', 8],
    ['AVX-512', avx512, '', 16],
    ['AVX2 where both are', avx512, '8', 8],
    ['TensorFlow’s ops where asked for', avx512, '0', null],
    ['TensorFlow’s ops on an older processor', new Set(['avx']), '', null],
  ])('%s', (_, sets, wanted, lanes) => expect(nativeLanes(sets, wanted)).toBe(lanes));

  it('refuses other numbers', () => {
    expect(() => nativeLanes(avx2, 'four')).toThrow('LABEL_RELAXATION_LANES is "four": give 0, 8 or 16.');
  });

  it('is refused where the processor lacks it', () => {
    const lanes = widest === 16 ? 4 : 16;
    const convolve = () =>
      op(
        CONVOLUTION,
        { turned: false, lanes: { int: lanes } },
        [tf.zeros([1, 3, 3, 16]), tf.zeros([3, 3, 16, 16])],
        1,
      );
    expect(convolve).toThrow(`this processor has no vectors of ${lanes} floats`);
  });
});
