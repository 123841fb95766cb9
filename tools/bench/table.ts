/** A column's heading and side: figures stand to the right. */
export interface Column {
  readonly title: string;
  readonly figures?: boolean;
}

/** A Markdown table whose columns line up in a terminal, too. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(3, title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const pad = (cell: string, i: number): string =>
    columns[i]!.figures ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return [
    line(columns.map(({ title }, i) => pad(title, i))),
    line(
      columns.map(({ figures }, i) => (figures ? `${'-'.repeat(widths[i]! - 1)}:` : '-'.repeat(widths[i]!))),
    ),
    ...rows.map((row) => line(columns.map((_, i) => pad(row[i] ?? '', i)))),
  ].join('\n');
}

/** A number with about three significant digits and thousands apart; a dash for nothing. */
export function figure(value: number | null): string {
  if (value === null) return '-';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
