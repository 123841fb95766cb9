import { DataError } from '../errors';
import type { NumberedLabels } from './labels';
import { numberLabels } from './labels';

/** The column that labels are in unless another one is named. */
export const defaultLabelColumn = 'label';

/**
 * The place of the column that holds the labels.
 *
 * @param wanted its name, if the user gave one.
 * @throws DataError where there is no such column.
 */
export function labelColumnOf(columns: readonly string[], wanted: string | undefined, path: string): number {
  const place = columns.indexOf(wanted ?? defaultLabelColumn);
  if (place >= 0) return place;
  const shown = `${columns.slice(0, 12).join(', ')}${columns.length > 12 ? `, ... (${columns.length})` : ''}`;
  throw new DataError(
    wanted === undefined
      ? `${path}: has no column "${defaultLabelColumn}": name the one with the labels by --label_column, of ${shown}.`
      : `${path}: has no column "${wanted}" (--label_column): it has ${shown}.`,
  );
}

/** Numbers labels of a column: as whole numbers where all are, else as texts in sorted order. */
export function numberColumn(values: readonly string[], path: string): NumberedLabels {
  const areWhole = values.every((value) => /^[+-]?\d+(\.0*)?$/u.test(value));
  return numberLabels(areWhole ? values.map(Number) : values, path);
}

/** The error for a label that is missing. */
export function missingLabel(path: string, row: number, column: string): DataError {
  return new DataError(
    `${path}: row ${row} has no label in the column "${column}": fill it in or remove the row.`,
  );
}

/** The error for a feature that is no number. */
export function noNumber(path: string, row: number, column: string, value: string): DataError {
  const what =
    value.trim() === '' ? 'nothing' : `"${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  return new DataError(
    `${path}: row ${row} has ${what} in the column "${column}", which is no number: ` +
      'features are numbers; fill it in, remove the column, or is it the one with the labels (--label_column)?',
  );
}

/** Refuses a text with bytes that are no UTF-8, of which several would become the same. */
export function checkText(path: string, text: string): string {
  if (!text.includes('\ufffd')) return text;
  throw new DataError(
    `${path}: has the text "${text.slice(0, 40)}", which is no UTF-8: save the file as UTF-8.`,
  );
}
