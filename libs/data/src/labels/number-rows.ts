import { readFile } from 'node:fs/promises';
import { DataError, reasonOf } from '../errors';

/** A table of numbers. */
export interface NumberRows {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns], row by row. */
  readonly values: Float64Array;
}

/**
 * Reads a table of numbers from a file: JSON (a list of numbers or of lists), or text with a row a line, its numbers
 * separated by commas, semicolons or white space, after a heading or none.
 *
 * @throws DataError that names the file and what is wrong in it
 */
export async function readNumberRows(file: string): Promise<NumberRows> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new DataError(`cannot read ${file}: ${reasonOf(error)}`);
  }
  const rows = file.endsWith('.json') ? listsOf(file, text) : linesOf(text);
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new DataError(`${file} holds no numbers`);
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven >= 0) {
    throw new DataError(
      `${file}: row ${uneven + 1} has ${rows[uneven]!.length} numbers where the first one has ${columns}`,
    );
  }
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    row.forEach((cell, k) => {
      const value = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
      if (typeof value !== 'number' || Number.isNaN(value)) {
        const shown = JSON.stringify(cell).slice(0, 40);
        throw new DataError(`${file}: row ${i + 1} has ${shown}: a number is expected`);
      }
      values[i * columns + k] = value;
    });
  });
  return { rows: rows.length, columns, values };
}

/** The cells of each line; a first line without any number is a heading. */
function linesOf(text: string): string[][] {
  const lines = text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s*[,;]\s*|\s+/u));
  const isHeading = lines[0]?.every((cell) => Number.isNaN(Number(cell)));
  return isHeading ? lines.slice(1) : lines;
}

function listsOf(file: string, text: string): unknown[][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} is no JSON: ${reasonOf(error)}`);
  }
  if (!Array.isArray(value))
    throw new DataError(`${file} holds no list: a list of numbers or of rows is expected`);
  return value.map((row: unknown) => (Array.isArray(row) ? (row as unknown[]) : [row]));
}
