import type { InputShape, Parts } from '../dataset';
import { mostClasses, pixelScale } from '../dataset';
import { DataError } from '../errors';
import type { NpyHeader } from '../formats/npy';
import { asInputs } from '../formats/npy';
import type { RowSink } from '../storage/rows';
import type { Arrays } from './arrays';
import { eachRow, headerOf, labelValues } from './arrays';
import { labelArray, numberLabels } from './labels';
import { fromRows } from './soft-labels';
import type { Source, SourceContent, SourceFile, Watch } from './source';

/** Inputs and labels of a part, by the names of their arrays. */
interface Pair {
  readonly part: keyof Parts;
  readonly x: string;
  readonly y: string;
}

/** The endings of a part's arrays; without one they are the training part. */
const endings: readonly (readonly [part: keyof Parts, ending: string])[] = [
  ['train', '_train'],
  ['train', ''],
  ['validation', '_val'],
  ['validation', '_valid'],
  ['validation', '_validation'],
  ['test', '_test'],
];
const namesOfClasses = 'class_names';

/**
 * NumPy arrays as a source: `x` and `y`, or `x_train`, `y_train`, `x_test` and `y_test` as Keras has them, perhaps with
 * `x_val` and `y_val`; `class_names` where they are known. Of `y`, a matrix holds soft labels.
 */
export function numpySource(
  path: string,
  kind: string,
  files: readonly SourceFile[],
  open: () => Promise<Arrays>,
): Source {
  return {
    ...{ path, kind, files, settings: {}, isCostly: false },
    read: async (sink, watch) => {
      const arrays = await open();
      try {
        return await read(arrays, path, sink, watch);
      } finally {
        arrays.close();
      }
    },
  };
}

async function read(arrays: Arrays, path: string, sink: RowSink, { signal }: Watch): Promise<SourceContent> {
  const pairs = pairsOf(arrays, path);
  const headers = await Promise.all(pairs.map(({ x }) => headerOf(arrays, x)));
  const layout = layoutOf(arrays, pairs, headers);
  const rows = headers.map(({ shape }) => shape[0]!);
  const labels = await readLabels(arrays, pairs, rows, path);
  await sink.begin(
    layout,
    rows.reduce((sum, count) => sum + count, 0),
  );
  let largest = 0;
  for (const { x } of pairs) {
    await eachRow(arrays, x, async (bytes, header) => {
      signal?.throwIfAborted();
      const inputs = asInputs(bytes, header);
      if (layout.areFloatImages) for (const value of inputs) largest = Math.max(largest, value);
      await sink.append(inputs);
    });
  }
  const countOf = (part: keyof Parts) =>
    rows.reduce((sum, n, i) => sum + (pairs[i]!.part === part ? n : 0), 0);
  return {
    ...labels,
    ...{ shape: layout.shape, dtype: layout.dtype, scale: layout.scale },
    parts: { train: countOf('train'), validation: countOf('validation'), test: countOf('test') },
    notes:
      largest > 16
        ? [
            `${path}: pixels of floats, up to ${largest}, are taken as they are: save uint8 for pixels of 0 to 255`,
          ]
        : [],
  };
}

function pairsOf({ names }: Arrays, path: string): Pair[] {
  const find = (name: string) => names.find((one) => one.toLowerCase() === name);
  const pairs = endings.flatMap(([part, ending]): Pair[] => {
    const [x, y] = [find(`x${ending}`), find(`y${ending}`)];
    if (x !== undefined && y !== undefined) return [{ part, x, y }];
    if (x === undefined && y === undefined) return [];
    const [has, lacks] = x === undefined ? [y, `x${ending}`] : [x, `y${ending}`];
    throw new DataError(
      `${path}: has the array ${has} and lacks ${lacks}: inputs and labels belong together.`,
    );
  });
  const trained = pairs.filter(({ part }) => part === 'train').length;
  if (trained !== 1) {
    throw new DataError(
      `${path}: has ${names.length === 0 ? 'no arrays' : `the arrays ${names.join(', ')}`}: ` +
        'x and y are needed, or x_train, y_train, x_test and y_test.',
    );
  }
  return pairs;
}

interface InputLayout {
  readonly shape: InputShape;
  readonly dtype: 'uint8' | 'float32';
  readonly scale: number;
  readonly areFloatImages: boolean;
}

function layoutOf(arrays: Arrays, pairs: readonly Pair[], headers: readonly NpyHeader[]): InputLayout {
  const [first] = headers as [NpyHeader];
  const title = arrays.title(pairs[0]!.x);
  headers.forEach(({ shape, descr }, i) => {
    if (
      shape.slice(1).join() !== first.shape.slice(1).join() ||
      (descr === '|u1') !== (first.descr === '|u1')
    ) {
      throw new DataError(
        `${arrays.title(pairs[i]!.x)}: has the shape (${shape.join(', ')}) of ${descr}, and ${pairs[0]!.x} ` +
          `(${first.shape.join(', ')}) of ${first.descr}: but for the first number both must be the same.`,
      );
    }
  });
  const shape = inputShapeOf(first.shape, title);
  const isImage = shape.length === 3;
  const isByte = first.kind === 'u' && first.itemBytes === 1;
  if (first.kind === 'U' || first.kind === 'S')
    throw new DataError(`${title}: holds texts: inputs are numbers.`);
  if (isImage && !isByte && first.kind !== 'f') {
    throw new DataError(
      `${title}: holds images of ${first.descr}: save pixels of 0 to 255 as uint8, x.astype("uint8"), or floats.`,
    );
  }
  return {
    shape,
    dtype: isByte ? 'uint8' : 'float32',
    scale: isByte && isImage ? pixelScale : 1,
    areFloatImages: isImage && !isByte,
  };
}

function inputShapeOf(shape: readonly number[], title: string): InputShape {
  const [count = 0, ...sides] = shape;
  if (count === 0 || sides.includes(0))
    throw new DataError(`${title}: is empty, of shape (${shape.join(', ')}).`);
  if (sides.length === 1) return [sides[0]!];
  if (sides.length === 2) return [sides[0]!, sides[1]!, 1];
  const [height, width, channels] = sides as [number, number, number];
  if (sides.length !== 3) {
    throw new DataError(
      `${title}: has the shape (${shape.join(', ')}): images are [n, height, width] or [n, height, width, channels], ` +
        'features [n, d].',
    );
  }
  if (height <= 4 && channels > 4) {
    throw new DataError(
      `${title}: has the shape (${shape.join(', ')}), channels first: give [n, height, width, channels], ` +
        'by x.transpose(0, 2, 3, 1).',
    );
  }
  return [height, width, channels];
}

async function readLabels(
  arrays: Arrays,
  pairs: readonly Pair[],
  rows: readonly number[],
  path: string,
): Promise<Pick<SourceContent, 'labels' | 'targets' | 'classNames'>> {
  const values: (number | string)[] = [];
  let columns: number | null = null;
  for (const [i, { x, y }] of pairs.entries()) {
    const title = arrays.title(y);
    const own = await labelValues(arrays, y, (shape) => {
      const [count, width = 1, ...more] = shape;
      if (more.length > 0 || shape.length === 0 || width === 0 || (columns !== null && width !== columns)) {
        throw new DataError(
          `${title}: has the shape (${shape.join(', ')}): labels are [n], soft labels [n, classes].`,
        );
      }
      columns = width;
      if (count === rows[i]) return;
      throw new DataError(
        `${title}: has ${count} labels for ${rows[i]} examples of ${x}: one for each is needed.`,
      );
    });
    for (const value of own) values.push(value);
  }
  const named = await classNamesOf(arrays);
  if (columns! > 1) return softLabels(values, columns!, named, arrays.title(pairs[0]!.y));
  checkValues(values, arrays.title(pairs[0]!.y), named);
  if (!named) return { ...numberLabels(values, path), targets: null };
  const labels = labelArray(values.length, named.length).map((_, i) => values[i] as number);
  return { labels, targets: null, classNames: named };
}

async function classNamesOf(arrays: Arrays): Promise<string[] | null> {
  if (!arrays.names.includes(namesOfClasses)) return null;
  return (await labelValues(arrays, namesOfClasses)).map(String);
}

function softLabels(
  values: readonly (number | string)[],
  classes: number,
  named: readonly string[] | null,
  title: string,
): Pick<SourceContent, 'labels' | 'targets' | 'classNames'> {
  if (classes > mostClasses)
    throw new DataError(`${title}: has ${classes} classes: at most ${mostClasses} can be told apart.`);
  if (named && named.length !== classes) {
    throw new DataError(`${title}: has ${classes} classes, and ${namesOfClasses} names ${named.length}.`);
  }
  const classNames = named ?? Array.from({ length: classes }, (_, label) => String(label));
  return { ...fromRows(Float32Array.from(values as number[]), classes, title), classNames };
}

function checkValues(
  values: readonly (number | string)[],
  title: string,
  named: readonly string[] | null,
): void {
  const most = named ? named.length - 1 : Number.MAX_SAFE_INTEGER;
  const wrong = values.findIndex((value) =>
    typeof value === 'string'
      ? value === '' || named !== null
      : !(Number.isInteger(value) && value >= 0 && value <= most),
  );
  if (wrong < 0) return;
  const value = values[wrong]!;
  throw new DataError(
    value === ''
      ? `${title}: the label at position ${wrong} is missing.`
      : `${title}: the label ${value} at position ${wrong} is no class: ` +
          `give ${named ? `whole numbers from 0 to ${most}` : 'whole numbers from 0 on, or texts'}.`,
  );
}
