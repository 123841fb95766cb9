import type { DatasetSpec } from './catalogue';
import { specOf } from './catalogue';
import { cacheFolder } from './cache-folder';
import type { ChecksumPolicy } from './checksum';
import type { Dataset, DatasetName, LoadOptions } from './dataset';
import { DataError } from './errors';
import type { StackedData } from './idx-set';
import { readIdxSet } from './idx-set';
import type { Source } from './sources';
import { sourceInCache, sourceInDataDir, sourcesInPackages } from './sources';

/**
 * Loads a dataset, its train and test part stacked, from the first of: `dataDir` (then nothing else is tried), the
 * cache, packages on this machine, the address where its authors published it.
 *
 * @throws DataError if it is nowhere to be had, or a file is damaged or not of this dataset; the signal's reason if
 * that aborts.
 */
export async function loadDataset(name: DatasetName, options: LoadOptions = {}): Promise<Dataset> {
  return loadFromSpec(specOf(name), options);
}

/** `loadDataset` for any description of a dataset. */
export async function loadFromSpec(spec: DatasetSpec, options: LoadOptions): Promise<Dataset> {
  const { dataDir, signal, onWarning: warn = () => undefined } = options;
  signal?.throwIfAborted();
  if (dataDir !== undefined) {
    return read(spec, await sourceInDataDir(spec, dataDir), { strict: false, warn }, signal);
  }
  const cacheDir = options.cacheDir ?? cacheFolder();
  const cached = await sourceInCache(spec, cacheDir);
  for (const source of [...(cached ? [cached] : []), ...(await sourcesInPackages(spec))]) {
    try {
      return await read(spec, source, { strict: true }, signal);
    } catch (error) {
      if (!(error instanceof DataError)) {
        throw error;
      }
      warn(`${error.message} Looking elsewhere for ${spec.title}.`);
    }
  }
  throw new DataError(`${spec.title} is not on this machine: give the folder with its files (--data_dir).`);
}

async function read(
  spec: DatasetSpec,
  source: Source,
  policy: ChecksumPolicy,
  signal: AbortSignal | undefined,
): Promise<Dataset> {
  const data = await readFiles(spec, source, policy, signal);
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

async function readFiles(
  spec: DatasetSpec,
  { files }: Source,
  policy: ChecksumPolicy,
  signal: AbortSignal | undefined,
): Promise<StackedData> {
  if (spec.format === 'idx' && files.kind === 'idx') {
    return readIdxSet(spec, files.paths, policy, signal);
  }
  throw new DataError(`${spec.title} cannot be read yet.`);
}
