import { extname } from 'node:path';
import type { Labels } from '../dataset';
import { DataError } from '../errors';
import { asInputs } from '../formats/npy';
import { CheckedRows, HeldRows } from '../storage/rows';
import type { Arrays } from './arrays';
import { arraysOfNpz, eachRow, headerOf, labelValues } from './arrays';
import { findSource } from './find-source';
import { compare, labelArray } from './labels';

/** What some network predicted, and the true classes. */
export interface Predictions {
  /** [examples, classes] row by row, as they are in the file. */
  readonly values: Float32Array;
  /** What the file calls them; null where it doesn't say. */
  readonly kind: 'logits' | 'probabilities' | null;
  readonly labels: Labels;
  readonly classNames: readonly string[];
}

export interface PredictionOptions {
  /** Column of CSV with the labels; by default `label`. */
  readonly labelColumn?: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads predictions and true classes: from an `.npz` file, arrays `logits`, `probabilities` or `x`, [n, classes], and
 * `labels` or `y`, [n], perhaps with `class_names`; or from CSV, a column for each class and one of labels. Labels are
 * numbers of columns from 0, or texts, whose sorted order is that of the columns.
 *
 * @throws DataError in one line where the file has not these, or numbers that cannot be.
 */
export async function readPredictions(path: string, options: PredictionOptions = {}): Promise<Predictions> {
  switch (extname(path).toLowerCase()) {
    case '.npz':
      return readNpz(path);
    case '.csv':
      return readCsv(path, options);
    default:
      throw new DataError(`${path}: is of no known kind: predictions are read from an .npz or a .csv file.`);
  }
}

async function readNpz(path: string): Promise<Predictions> {
  const arrays = await arraysOfNpz(path);
  try {
    const name = nameOf(arrays, ['logits', 'probabilities', 'x'], path);
    const { shape } = await headerOf(arrays, name);
    const [examples = 0, classes = 0] = shape;
    if (shape.length !== 2 || examples === 0 || classes < 2) {
      throw new DataError(
        `${arrays.title(name)}: has the shape (${shape.join(', ')}): predictions are [n, classes].`,
      );
    }
    const values = new Float32Array(examples * classes);
    let filled = 0;
    await eachRow(arrays, name, async (bytes, header) => {
      const rows = asInputs(bytes, header);
      values.set(rows, filled);
      filled += rows.length;
    });
    checkFinite(values, classes, arrays.title(name));
    const [label, names] = [nameOf(arrays, ['labels', 'y'], path), 'class_names'];
    const classNames = arrays.names.includes(names) ? (await labelValues(arrays, names)).map(String) : null;
    const kind = name === 'x' ? null : (name as 'logits' | 'probabilities');
    const given = await labelValues(arrays, label);
    if (given.length !== examples) {
      throw new DataError(
        `${arrays.title(label)}: has ${given.length} labels for ${examples} rows of ${name}: one for each is needed.`,
      );
    }
    return { values, kind, ...numbered(given, classes, classNames, arrays.title(label)) };
  } finally {
    arrays.close();
  }
}

function nameOf({ names }: Arrays, wanted: readonly string[], path: string): string {
  const found = wanted.find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw new DataError(
    `${path}: has ${names.length === 0 ? 'no arrays' : `the arrays ${names.join(', ')}`}: one of ${wanted.join(', ')} is needed.`,
  );
}

async function readCsv(path: string, { labelColumn, signal }: PredictionOptions): Promise<Predictions> {
  const source = await findSource(path, labelColumn === undefined ? {} : { labelColumn }, signal);
  const rows = new HeldRows(Infinity);
  const content = await source.read(new CheckedRows(path, rows), signal ? { signal } : {});
  const [classes] = content.shape;
  const names = Array.from(content.labels, (label) => content.classNames[label]!);
  const areNumbers = content.classNames.every((name) => /^\d+$/u.test(name));
  const labels = numbered(areNumbers ? names.map(Number) : names, classes, null, path);
  return { values: rows.inputs as Float32Array, kind: null, ...labels };
}

function checkFinite(values: Float32Array, classes: number, title: string): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new DataError(
    `${title}: has ${values[wrong]} in row ${Math.floor(wrong / classes)}, column ${wrong % classes}: predictions are finite numbers.`,
  );
}

/** Labels as numbers of columns, which they are already, or whose names in sorted order they are. */
function numbered(
  given: readonly (number | string)[],
  classes: number,
  named: readonly string[] | null,
  title: string,
): Pick<Predictions, 'labels' | 'classNames'> {
  const texts = given.some((label) => typeof label === 'string');
  const names = texts && named === null ? [...new Set(given)].sort(compare).map(String) : named;
  const classNames = names ?? Array.from({ length: classes }, (_, label) => String(label));
  if (classNames.length !== classes) {
    throw new DataError(
      `${title}: names ${classNames.length} classes, and predictions have ${classes} columns.`,
    );
  }
  const numbers = new Map(classNames.map((name, number) => [name, number]));
  const labels = labelArray(given.length, classes);
  given.forEach((label, i) => {
    const number = texts ? numbers.get(String(label)) : Number(label);
    if (number === undefined || !Number.isInteger(number) || number < 0 || number >= classes) {
      throw new DataError(
        `${title}: the label ${label} at position ${i} is no class: there are ${classes}, from 0 to ${classes - 1}.`,
      );
    }
    labels[i] = number;
  });
  return { labels, classNames };
}
