import { createReadStream } from 'node:fs';
import type { Parts } from '../dataset';
import { DataError, reasonOf } from '../errors';
import { readError } from '../formats/byte-reader';
import { optionalPackage } from '../optional-package';
import type { RowSink } from '../storage/rows';
import type { FilesByPart } from './parts';
import { countParts, partOrder } from './parts';
import type { Source, SourceContent, SourceFile, Watch } from './source';
import { checkText, labelColumnOf, missingLabel, noNumber, numberColumn } from './table';

const rowsAtOnce = 256;
const mostAtOnce = 1 << 22;
const numeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/iu;

/** CSV files as a source: a header, a column of labels, and numbers in all others, which are the features. */
export function csvSource(path: string, parts: FilesByPart, labelColumn: string | undefined): Source {
  const files = partOrder.flatMap((part) => parts[part]);
  return {
    ...{
      path,
      kind: files.length > 1 ? 'folder of CSV files' : 'CSV file',
      files,
      settings: { labelColumn: labelColumn ?? null },
      isCostly: false,
    },
    read: (sink, watch) => read(path, parts, labelColumn, sink, watch),
  };
}

async function read(
  path: string,
  parts: FilesByPart,
  labelColumn: string | undefined,
  sink: RowSink,
  watch: Watch,
): Promise<SourceContent> {
  const all = partOrder.flatMap((part) => parts[part].map((file) => [part, file] as const));
  let mostRows = 0;
  for (const [, file] of all) mostRows += await countLines(file, watch.signal);
  const labels: string[] = [];
  const counts: (readonly [keyof Parts, number])[] = [];
  let columns: readonly string[] | null = null;
  for (const [part, file] of all) {
    const before = labels.length;
    await eachRow(file, watch.signal, {
      header: async (names) => {
        if (columns === null) {
          columns = names;
          if (names.length < 2) {
            throw new DataError(
              `${file.path}: has the column ${names.join()} alone: labels need features beside them.`,
            );
          }
          // A row takes at least a byte for each column, whatever its lines are.
          const size = all.reduce((sum, [, { size: bytes }]) => sum + bytes, 0);
          const most = Math.min(mostRows, Math.ceil(size / names.length));
          await sink.begin({ shape: [names.length - 1], dtype: 'float32' }, most);
        } else if (names.join('\n') !== columns.join('\n')) {
          throw new DataError(
            `${file.path}: has other columns than ${all[0]![1].path}: all files need the same ones.`,
          );
        }
        return labelColumnOf(names, labelColumn, file.path);
      },
      label: (text) => labels.push(text),
      features: (rows) => sink.append(rows),
    });
    counts.push([part, labels.length - before]);
  }
  if (columns === null || labels.length === 0) {
    throw new DataError(`${path}: is empty: a header and rows are needed.`);
  }
  return {
    ...numberColumn(labels, path),
    ...{ shape: [(columns as readonly string[]).length - 1], dtype: 'float32', scale: 1, targets: null },
    ...{ parts: countParts(counts), notes: [] },
  };
}

/** What takes a file's content. */
interface RowReader {
  /** Takes the names of the columns; gives the place of the one with the labels. */
  header(names: readonly string[]): Promise<number>;
  label(text: string): void;
  /** Takes the features of some rows. */
  features(rows: Float32Array): Promise<void>;
}

async function eachRow(file: SourceFile, signal: AbortSignal | undefined, reader: RowReader): Promise<void> {
  const { CsvError, parse } = await optionalPackage('csv-parse', () => import('csv-parse'));
  const bytes = createReadStream(file.path, { signal });
  const parser = parse({ bom: true, skip_empty_lines: true, relax_quotes: false });
  bytes.on('error', (error) => parser.destroy(readError(file.path, error) as Error));
  bytes.pipe(parser);
  let names: readonly string[] | null = null;
  let place = 0;
  let row = 0;
  let chunk = new Float32Array(0);
  let filled = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (names === null) {
        names = record.map((name) => checkText(file.path, name.trim()));
        place = await reader.header(names);
        const rows = Math.max(1, Math.min(rowsAtOnce, Math.floor(mostAtOnce / names.length)));
        chunk = new Float32Array(rows * (names.length - 1));
        continue;
      }
      row++;
      const label = record[place]!.trim();
      if (label === '') throw missingLabel(file.path, row, names[place]!);
      reader.label(checkText(file.path, label));
      for (let column = 0; column < record.length; column++) {
        if (column === place) continue;
        const text = record[column]!;
        const value = numeric.test(text) ? Number(text) : NaN;
        if (!Number.isFinite(value)) throw noNumber(file.path, row, names[column]!, text);
        chunk[filled++] = value;
      }
      if (filled === chunk.length) {
        await reader.features(chunk);
        filled = 0;
      }
    }
    if (filled > 0) await reader.features(chunk.subarray(0, filled));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CsvError) {
      throw new DataError(`${file.path}: is not right CSV: ${reasonOf(error).split('\n')[0]}.`);
    }
    throw error;
  } finally {
    bytes.destroy();
    parser.destroy();
  }
}

/** The lines of a file: at least as many as it has rows. */
async function countLines(file: SourceFile, signal: AbortSignal | undefined): Promise<number> {
  let [feeds, returns] = [0, 0];
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20, signal })) {
      for (const byte of chunk as Buffer) {
        if (byte === 10) feeds++;
        else if (byte === 13) returns++;
      }
    }
  } catch (error) {
    throw readError(file.path, error);
  }
  return Math.max(feeds, returns) + 1;
}
