import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Dataset, DownloadProgress, LoadOptions } from '@label-relaxation/data';
import { DataError, isPath, loadDataset } from '@label-relaxation/data';
import { MissingInput } from '../errors';
import type { Parameters } from '../parameters/parameters';
import type { PerformRunOptions } from './options';

type DataParameters = Pick<
  Parameters,
  | 'dataset_name'
  | 'data_dir'
  | 'image_size'
  | 'channels'
  | 'skip_damaged'
  | 'max_megapixels'
  | 'label_column'
  | 'memory'
  | 'dataset_sha256'
>;

/**
 * Loads the data set of a run. Throws MissingInput where this machine hasn't got it, or with other contents than
 * `--dataset_sha256` names, and else whatever the data library throws.
 */
export async function loadData(
  parameters: DataParameters,
  { signal, onEvent }: Pick<PerformRunOptions, 'signal' | 'onEvent'> = {},
): Promise<Dataset> {
  const { dataset_name: name, data_dir, dataset_sha256: expected } = parameters;
  const isOwn = isPath(name);
  const place = isOwn ? pathOf(parameters) : name;
  const tell = (message: string) => onEvent?.({ type: 'stage', message });
  const dataset = await loadDataset(place, {
    ...(data_dir === null || isOwn ? {} : { dataDir: data_dir }),
    ...readingOptions(parameters),
    ...(signal ? { signal } : {}),
    onWarning: (message) => onEvent?.({ type: 'warning', message }),
    onProgress: tenths(tell),
    onStage: tell,
  }).catch((error: unknown) => {
    // What the catalogue has is the same everywhere, so that an error is of this machine.
    if (error instanceof DataError && !(isOwn && existsSync(place))) throw new MissingInput(error.message);
    throw error;
  });
  if (expected !== null && (await dataset.digest()) !== expected) {
    await dataset.close();
    throw new MissingInput(
      `${dataset.source} has other contents than the data that is to be used (--dataset_sha256 ${expected.slice(0, 12)}...): ` +
        'restore it, or leave out --dataset_sha256',
    );
  }
  return dataset;
}

/**
 * The digest of the user's own data, so that a change can be noticed; null for a data set of the catalogue. Throws as
 * `loadData` does.
 */
export async function datasetDigest(
  parameters: DataParameters,
  options: Pick<PerformRunOptions, 'signal' | 'onEvent'> = {},
): Promise<string | null> {
  if (!isPath(parameters.dataset_name)) return null;
  const dataset = await loadData(parameters, options);
  try {
    return await dataset.digest();
  } finally {
    await dataset.close();
  }
}

/** The path of one's own data: relative to `--data_dir` where that is given. */
function pathOf({ dataset_name, data_dir }: Pick<Parameters, 'dataset_name' | 'data_dir'>): string {
  return data_dir === null ? dataset_name : resolve(data_dir, dataset_name);
}

function readingOptions(parameters: DataParameters): LoadOptions {
  const { image_size, channels, skip_damaged, max_megapixels, label_column, memory } = parameters;
  const [height, width] = (image_size ?? '').split('x').map(Number) as [number, number?];
  return {
    ...(width === undefined ? {} : { imageSize: [height, width] }),
    ...(channels === null ? {} : { channels: channels as 1 | 3 }),
    ...(skip_damaged === null ? {} : { skipDamaged: skip_damaged }),
    ...(max_megapixels === null ? {} : { maxPixels: max_megapixels * 1e6 }),
    ...(label_column === null ? {} : { labelColumn: label_column }),
    ...(memory === null ? {} : { memory }),
  };
}

/** Tells of a download when it begins and at each tenth of it. */
function tenths(tell: (message: string) => void): (progress: DownloadProgress) => void {
  let last = '';
  return ({ file, address, received, total }) => {
    const tenth = total ? Math.floor((10 * received) / total) * 10 : null;
    const message = `downloading ${file} from ${address}${tenth === null ? '' : `: ${tenth}%`}`;
    if (message !== last) tell(message);
    last = message;
  };
}
