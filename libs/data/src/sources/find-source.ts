import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DataError, reasonOf } from '../errors';
import { inspect } from '../formats/byte-reader';
import { arraysOfFolder, arraysOfNpz } from './arrays-on-disk';
import { csvSource } from './csv';
import { idxFolder } from './idx-folder';
import { imageFolder } from './image-folder';
import { numpySource } from './numpy';
import type { ParquetOptions } from './parquet';
import { parquetSource } from './parquet';
import { byPart } from './parts';
import type { Source, SourceFile } from './source';
import type { Entries } from './walk';
import { entriesOf } from './walk';

/** How a source is read: what images are resized to, which column holds the labels, and the like. */
export type SourceOptions = ParquetOptions;

/** Whether a dataset's name is a path: `.`, `..` or something with a slash. */
export function isPath(name: string): boolean {
  return /^\.{1,2}$|[\\/]/u.test(name);
}

const wanted =
  'a folder of class folders with images, a folder of IDX, NumPy, Parquet or CSV files, or an .npz, .parquet or .csv file';

/**
 * The source that a path leads to, told by what is there.
 *
 * @throws DataError where nothing is there that a dataset can be read from.
 */
export async function findSource(
  path: string,
  options: SourceOptions,
  signal?: AbortSignal,
): Promise<Source> {
  const status = await stat(path).catch((error: unknown) => {
    throw new DataError(
      `${path}: there is no such file or folder (${reasonOf(error)}); --dataset_name takes ${wanted}.`,
    );
  });
  if (status.isDirectory()) return inFolder(path, options, signal);
  const file: SourceFile = { path, name: basename(path), size: status.size, modifiedMs: status.mtimeMs };
  if (status.size === 0) throw new DataError(`${path}: is empty; get the file again.`);
  const alone = { train: [file], validation: [], test: [] };
  switch (extname(path).toLowerCase()) {
    case '.npz':
      return numpySource(path, 'NumPy file', [file], () => arraysOfNpz(path));
    case '.npy':
      return inFolder(dirname(resolve(path)), options, signal);
    case '.parquet':
      return parquetSource(path, alone, options);
    case '.csv':
      return csvSource(path, alone, options.labelColumn);
    default:
      throw new DataError(`${path}: is of no known kind; --dataset_name takes ${wanted}.`);
  }
}

async function inFolder(path: string, options: SourceOptions, signal?: AbortSignal): Promise<Source> {
  const entries = entriesOf(path, path);
  const { files, folders } = entries;
  const ending = (extension: string) => files.filter(({ name }) => extname(name).toLowerCase() === extension);
  const [arrays, tables, texts] = [ending('.npy'), ending('.parquet'), ending('.csv')];
  if (arrays.length > 0) {
    const names = arrays.map(({ name }) => basename(name, extname(name)));
    return numpySource(path, 'folder of NumPy files', arrays, async () => arraysOfFolder(path, names));
  }
  if (tables.length > 0) return parquetSource(path, byPart(tables, path, 'Parquet'), options);
  if (texts.length > 0) return csvSource(path, byPart(texts, path, 'CSV'), options.labelColumn);
  const idx = await idxFilesOf(files);
  if (idx.length > 0) return idxFolder(path, idx);
  // Hugging Face's repositories have their files there.
  if (folders.join() === 'data') return { ...(await inFolder(join(path, 'data'), options, signal)), path };
  if (folders.length === 0) throw noDataset(path, entries);
  return imageFolder(path, entries, options, signal);
}

function noDataset(path: string, { files }: Entries): DataError {
  const found =
    files.length === 0 ? 'is empty' : `holds no dataset, but ${files.length} files such as ${files[0]!.name}`;
  return new DataError(`${path}: ${found}; --dataset_name takes ${wanted}.`);
}

/** The files that are named as IDX files are, or begin as they do. */
async function idxFilesOf(files: readonly SourceFile[]): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for (const file of files) {
    if (/idx\d/iu.test(file.name) || (await beginsAsIdx(file.path))) found.push(file);
  }
  return found;
}

async function beginsAsIdx(path: string): Promise<boolean> {
  // What cannot be looked at is none.
  const { start } = await inspect(path).catch(() => ({ start: Buffer.alloc(4) }));
  return (
    start[0] === 0 && start[1] === 0 && start[2]! >= 8 && start[2]! <= 14 && start[3]! >= 1 && start[3]! <= 4
  );
}
