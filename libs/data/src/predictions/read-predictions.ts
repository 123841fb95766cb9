import { extname } from 'node:path';
import { DataError } from '../errors';
import { arraysOfNpz } from '../sources/arrays-on-disk';
import { findSource } from '../sources/find-source';
import { CheckedRows, HeldRows } from '../storage/rows';
import { predictionsOfArrays } from './from-arrays';
import type { Predictions } from './predictions';
import { numbered } from './predictions';

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
      return predictionsOfArrays(await arraysOfNpz(path), path);
    case '.csv':
      return readCsv(path, options);
    default:
      throw new DataError(`${path}: is of no known kind: predictions are read from an .npz or a .csv file.`);
  }
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
