import type { DatasetName } from './catalogue/catalogue';
import type { PublishedOptions } from './catalogue/load-published';
import { loadPublished } from './catalogue/load-published';
import type { Dataset } from './dataset';
import type { SourceOptions } from './sources/find-source';
import { findSource, isPath } from './sources/find-source';
import type { PrepareOptions } from './storage/prepare';
import { prepare } from './storage/prepare';

/** Where a dataset may be looked for, how files of one's own are read, and whom loading tells. */
export interface LoadOptions extends PublishedOptions, SourceOptions, PrepareOptions {}

/**
 * Loads a dataset: one of the catalogue by its name (see `loadPublished`), or one's own by its path, which has a slash
 * (`./photos`): a folder of class folders with images, or of IDX, NumPy, Parquet or CSV files, or one such file.
 *
 * @throws DataError in one line that says what is wrong with which file and what to do; the signal's reason if that
 * aborts.
 */
export async function loadDataset(
  name: DatasetName | (string & {}),
  options: LoadOptions = {},
): Promise<Dataset> {
  if (!isPath(name)) return loadPublished(name as DatasetName, options);
  try {
    return await prepare(await findSource(name, options, options.signal), options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}
