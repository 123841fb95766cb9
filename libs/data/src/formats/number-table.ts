import { DataError } from '../errors';
import { checkText, labelColumnOf, missingLabel, noNumber } from '../sources/table';
import { FloatText } from './float-text';

/** A table of numbers with a column of labels. */
export interface NumberTable {
  readonly columns: readonly string[];
  readonly labels: readonly string[];
  /** All columns but that of the labels, row by row. */
  readonly values: Float32Array;
}

export interface NumberTableOptions {
  readonly labelColumn?: string;
  readonly onProgress?: (share: number) => void;
}

const [comma, quote, feed, carriage, space] = [44, 34, 10, 13, 32];
const numeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/iu;
const rowsBetween = 2048;

/**
 * Reads CSV (RFC 4180, in UTF-8) with a header, a column of labels and numbers in all others.
 *
 * @throws DataError in one line where a row has other columns than the header, a label is missing or a number is none.
 */
export function parseNumberTable(
  bytes: Uint8Array,
  path: string,
  { labelColumn, onProgress }: NumberTableOptions = {},
): NumberTable {
  const fields = new Fields(bytes, path);
  const columns = fields.header();
  if (columns.length < 2) {
    throw new DataError(
      `${path}: has the column ${columns.join()} alone: labels need predictions beside them.`,
    );
  }
  const place = labelColumnOf(columns, labelColumn, path);
  const labels: string[] = [];
  // A row takes at least a byte for each column, whatever its lines are.
  const most = Math.min(fields.mostRows(), Math.ceil(bytes.length / columns.length));
  const values = new Float32Array(most * (columns.length - 1));
  const last = columns.length - 1;
  let filled = 0;
  let row = 0;
  for (; fields.beginRow();) {
    row++;
    for (let column = 0; column <= last; column++) {
      if (column === place) {
        const label = checkText(path, fields.text().trim());
        if (label === '') throw missingLabel(path, row, columns[place]!);
        labels.push(label);
      } else values[filled++] = fields.number(row, columns[column]!);
      if (fields.isEnd() !== (column === last)) {
        throw new DataError(
          `${path}: row ${row} has ${column === last ? 'more' : 'fewer'} columns than the header, which has ${columns.length}.`,
        );
      }
      fields.skipComma();
    }
    if (row % rowsBetween === 0) onProgress?.(fields.share());
  }
  if (row === 0) throw new DataError(`${path}: is empty: a header and rows are needed.`);
  return { columns, labels, values: values.subarray(0, filled) };
}

/** The fields of a file, one after the other. */
class Fields {
  private at = 0;
  private readonly numbers: FloatText;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
  ) {
    this.numbers = new FloatText(bytes);
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /** The names of the columns. */
  header(): string[] {
    const names: string[] = [];
    if (!this.beginRow()) throw new DataError(`${this.path}: is empty: a header and rows are needed.`);
    for (;;) {
      names.push(checkText(this.path, this.text().trim()));
      if (this.isEnd()) return names;
      this.skipComma();
    }
  }

  /** At least as many rows as follow. */
  mostRows(): number {
    return Math.max(this.count(feed), this.count(carriage)) + 1;
  }

  private count(byte: number): number {
    let found = 0;
    for (let at = this.bytes.indexOf(byte, this.at); at >= 0; at = this.bytes.indexOf(byte, at + 1)) found++;
    return found;
  }

  /** Goes to the next row that is not empty; false where there is none. */
  beginRow(): boolean {
    while (this.bytes[this.at] === feed || this.bytes[this.at] === carriage) this.at++;
    return this.at < this.bytes.length;
  }

  isEnd(): boolean {
    const byte = this.bytes[this.at];
    return byte === undefined || byte === feed || byte === carriage;
  }

  skipComma(): void {
    if (this.bytes[this.at] === comma) this.at++;
  }

  share(): number {
    return this.at / this.bytes.length;
  }

  number(row: number, column: string): number {
    const { numbers, bytes } = this;
    let start = this.at;
    while (bytes[start] === space) start++;
    const value = numbers.read(start);
    if (Math.abs(value) < Infinity) {
      let end = numbers.next;
      while (bytes[end] === space) end++;
      if (bytes[end] === comma || bytes[end] === feed || bytes[end] === carriage || end >= bytes.length) {
        this.at = end;
        return value;
      }
    }
    const text = this.text();
    const slow = numeric.test(text) ? Math.fround(Number(text)) : NaN;
    if (!Number.isFinite(slow)) throw noNumber(this.path, row, column, text);
    return slow;
  }

  /** The next field as text, without the quotes around it. */
  text(): string {
    const { bytes } = this;
    if (bytes[this.at] === quote) return this.quoted();
    const start = this.at;
    while (!this.isEnd() && bytes[this.at] !== comma) this.at++;
    return this.decoder.decode(bytes.subarray(start, this.at));
  }

  private quoted(): string {
    const { bytes } = this;
    const start = this.at + 1;
    let end = start;
    while (end < bytes.length && (bytes[end] !== quote || bytes[end + 1] === quote)) {
      end += bytes[end] === quote ? 2 : 1;
    }
    if (end >= bytes.length) throw new DataError(`${this.path}: is not right CSV: a quote is never closed.`);
    this.at = end + 1;
    if (!this.isEnd() && bytes[this.at] !== comma)
      throw new DataError(`${this.path}: is not right CSV: a text goes on after its closing quote.`);
    return this.decoder.decode(bytes.subarray(start, end)).replaceAll('""', '"');
  }
}
