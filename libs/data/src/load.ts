import type { DatasetName } from './catalogue/catalogue';
import type { PublishedOptions } from './catalogue/load-published';
import { loadPublished } from './catalogue/load-published';
import type { Dataset } from './dataset';

/** Where a dataset may be looked for, and whom loading tells. */
export type LoadOptions = PublishedOptions;

/** Loads a dataset of the catalogue by its name; see `loadPublished`. */
export async function loadDataset(name: DatasetName, options: LoadOptions = {}): Promise<Dataset> {
  return loadPublished(name, options);
}
