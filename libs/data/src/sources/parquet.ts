import type { Parts } from '../dataset';
import { pixelScale } from '../dataset';
import { DataError } from '../errors';
import type { OpenParquet } from '../formats/parquet';
import { openParquet } from '../formats/parquet';
import type { ImageList, ImageOptions } from '../images/collect-images';
import { collectImages, defaultMaxPixels } from '../images/collect-images';
import { areAllGrey, sizesOf } from '../images/survey';
import type { RowSink } from '../storage/rows';
import type { NumberedLabels } from './labels';
import { labelArray } from './labels';
import type { FilesByPart } from './parts';
import { countParts, partOrder } from './parts';
import type { Source, SourceContent, SourceFile, Watch } from './source';
import { defaultLabelColumn, labelColumnOf, missingLabel, noNumber, numberColumn } from './table';

export interface ParquetOptions extends ImageOptions {
  readonly labelColumn?: string;
}

/** An open file with the part that it belongs to. */
interface Part {
  readonly part: keyof Parts;
  readonly file: OpenParquet;
}

/**
 * Parquet files as a source: a column of labels and either one of images, as Hugging Face writes them, or numbers and
 * lists of numbers, which are the features.
 *
 * @throws DataError where a file cannot be opened or the columns are of no use.
 */
export async function parquetSource(
  path: string,
  files: FilesByPart,
  options: ParquetOptions,
): Promise<Source> {
  const all: (readonly [keyof Parts, SourceFile])[] = partOrder.flatMap((part) =>
    files[part].map((file) => [part, file] as const),
  );
  const parts: Part[] = [];
  for (const [part, file] of all) parts.push({ part, file: await openParquet(file.path) });
  checkColumns(parts);
  const { imageSize = null, channels = null, skipDamaged = false, maxPixels = defaultMaxPixels } = options;
  const label = labelOf(parts[0]!.file, options.labelColumn);
  const image = imageColumnOf(parts[0]!.file);
  return {
    ...{ path, kind: all.length > 1 ? 'folder of Parquet files' : 'Parquet file' },
    files: all.map(([, file]) => file),
    settings: { labelColumn: label, imageSize, channels, skipDamaged, maxPixels },
    isCostly: image !== null,
    read: async (sink, watch) => {
      const labels = await readLabels(parts, label, path);
      return image === null
        ? readFeatures(parts, label, labels, sink, watch)
        : readImages(path, parts, image, labels, options, sink, watch);
    },
  };
}

function checkColumns(parts: readonly Part[]): void {
  const [first, ...others] = parts as [Part, ...Part[]];
  const shown = ({ file }: Part) => file.columns.map(({ name, kind }) => `${name} ${kind}`).join();
  const other = others.find((part) => shown(part) !== shown(first));
  if (other) {
    throw new DataError(
      `${other.file.path}: has other columns than ${first.file.path}: all files need the same ones.`,
    );
  }
}

/** The column with the labels: the named one, else `label`, else the only one that Hugging Face calls a class label. */
function labelOf({ columns, features, path }: OpenParquet, wanted: string | undefined): string {
  const names = columns.map(({ name }) => name);
  const classLabels = names.filter((name) => features[name]?._type === 'ClassLabel');
  const isClear = wanted === undefined && !names.includes(defaultLabelColumn) && classLabels.length === 1;
  return names[labelColumnOf(names, isClear ? classLabels[0] : wanted, path)]!;
}

function imageColumnOf({ columns, path }: OpenParquet): string | null {
  const images = columns.filter(({ kind }) => kind === 'image').map(({ name }) => name);
  if (images.length > 1) {
    throw new DataError(`${path}: has several columns of images, ${images.join(', ')}: keep one of them.`);
  }
  return images[0] ?? null;
}

/** Goes over the groups of rows of all files. */
async function* groupsOf(
  parts: readonly Part[],
  signal?: AbortSignal,
): AsyncGenerator<{ file: OpenParquet; start: number; end: number }> {
  for (const { file } of parts) {
    for (let group = 1; group < file.groups.length; group++) {
      signal?.throwIfAborted();
      yield { file, start: file.groups[group - 1]!, end: file.groups[group]! };
    }
  }
}

async function readLabels(parts: readonly Part[], column: string, path: string): Promise<NumberedLabels> {
  const named = parts[0]!.file.features[column]?.names;
  const texts: string[] = [];
  for await (const { file, start, end } of groupsOf(parts)) {
    const values = await file.values(column, start, end);
    for (let i = 0; i < values.length; i++) texts.push(labelText(values[i], file, start + i, column));
  }
  if (!named) return numberColumn(texts, path);
  const labels = labelArray(texts.length, named.length).map((_, i) => {
    const label = Number(texts[i]);
    if (Number.isInteger(label) && label >= 0 && label < named.length) return label;
    throw new DataError(
      `${path}: row ${i} has the label ${texts[i]} in the column "${column}", which names ${named.length} classes: ` +
        'give whole numbers from 0 on; -1 means that the label is missing.',
    );
  });
  return { labels, classNames: named };
}

function labelText(value: unknown, file: OpenParquet, row: number, column: string): string {
  if (value === null || value === undefined || value === '') throw missingLabel(file.path, row, column);
  const isWhole = typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
  if (isWhole || typeof value === 'string' || typeof value === 'boolean') return String(value);
  throw new DataError(
    `${file.path}: row ${row} has ${String(value)} in the column "${column}", which is no label: ` +
      'labels are texts or whole numbers; is it the right column (--label_column)?',
  );
}

async function readImages(
  path: string,
  parts: readonly Part[],
  column: string,
  { labels, classNames }: NumberedLabels,
  options: ImageOptions,
  sink: RowSink,
  watch: Watch,
): Promise<SourceContent> {
  const places = parts.flatMap(({ part, file }) =>
    Array.from({ length: file.rows }, (_, row) => ({ part, name: `${file.path}, row ${row}` })),
  );
  const list: ImageList = {
    path,
    count: places.length,
    items: () => imagesOf(parts, column, watch.signal),
    nameOf: (index) => places[index]!.name,
    sizes: () => sizesOf(imagesOf(parts, column)),
  };
  const channels = options.channels ?? ((await areAllGrey(list.items())) ? 1 : 3);
  const { shape, kept, notes } = await collectImages(list, options, channels, sink, watch);
  return {
    ...{ shape, dtype: 'uint8', scale: pixelScale, targets: null, classNames, notes },
    labels: labelArray(kept.length, classNames.length).map((_, i) => labels[kept[i]!]!),
    parts: countParts([...kept].map((index) => [places[index]!.part, 1])),
  };
}

async function* imagesOf(
  parts: readonly Part[],
  column: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const { file, start, end } of groupsOf(parts, signal)) {
    const values = await file.values(column, start, end);
    for (let i = 0; i < values.length; i++) {
      const { bytes } = (values[i] ?? {}) as { bytes?: Uint8Array | null };
      if (!bytes) {
        throw new DataError(
          `${file.path}: row ${start + i} has no bytes in the column "${column}": ` +
            'the images must be in the file, not beside it (embed_external_files).',
        );
      }
      yield Uint8Array.from(bytes);
    }
  }
}

async function readFeatures(
  parts: readonly Part[],
  label: string,
  { labels, classNames }: NumberedLabels,
  sink: RowSink,
  { signal }: Watch,
): Promise<SourceContent> {
  const { file: first } = parts[0]!;
  const columns = first.columns.filter(({ name }) => name !== label);
  const unfit = columns.find(({ kind }) => kind === 'other');
  if (unfit || columns.length === 0) {
    throw new DataError(
      unfit
        ? `${first.path}: the column "${unfit.name}" is a struct: features are numbers or lists of numbers; leave it out.`
        : `${first.path}: has the column ${label} alone: labels need features beside them.`,
    );
  }
  let width: number | null = null;
  for await (const { file, start, end } of groupsOf(parts, signal)) {
    const table = await Promise.all(columns.map(({ name }) => file.values(name, start, end)));
    const widths = table.map((values) => (isList(values[0]) ? values[0].length : 1));
    const total = widths.reduce((sum, one) => sum + one, 0);
    if (width === null) {
      width = total;
      await sink.begin({ shape: [width], dtype: 'float32' }, labels.length);
    }
    const rows = new Float32Array((end - start) * width);
    let offset = 0;
    table.forEach((values, c) => {
      for (let row = 0; row < values.length; row++) {
        const numbers = isList(values[row]) ? (values[row] as ArrayLike<unknown>) : [values[row]];
        if (numbers.length !== widths[c] || total !== width) {
          throw new DataError(
            `${file.path}: row ${start + row} has a list of ${numbers.length} numbers in the column ` +
              `"${columns[c]!.name}", and others have ${widths[c]}: all need the same length.`,
          );
        }
        for (let i = 0; i < numbers.length; i++) {
          rows[row * width! + offset + i] = numberOf(numbers[i], file, start + row, columns[c]!.name);
        }
      }
      offset += widths[c]!;
    });
    await sink.append(rows);
  }
  return {
    ...{ shape: [width ?? 0], dtype: 'float32', scale: 1, targets: null, labels, classNames, notes: [] },
    parts: countParts(parts.map(({ part, file }) => [part, file.rows])),
  };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function numberOf(value: unknown, file: OpenParquet, row: number, column: string): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw noNumber(file.path, row, column, value === null || value === undefined ? '' : String(value));
}
