import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Dataset } from '../dataset';
import { cacheFolder } from '../download/cache-folder';
import { Partial } from '../download/partial';
import { DataError, reasonOf } from '../errors';
import { checkClasses } from '../sources/labels';
import type { Source, SourceContent, Watch } from '../sources/source';
import type { Description } from './content-hash';
import { heldDataset } from './held-dataset';
import { defaultMemory } from './memory';
import type { OpenOptions } from './prepared-file';
import { isPrepared, openPrepared } from './prepared-file';
import { PreparedWriter } from './prepared-writer';
import type { RowSink } from './rows';
import { CheckedRows, HeldRows, TooLarge } from './rows';

/** To be raised when sources are read otherwise than before, so that what was prepared is made anew. */
const version = 1;

const waiting = { poll: 500, abandonedAfter: 120_000 };

/** The share of the examples that is held out for testing where the set has no test part of its own. */
const testShare = 0.2;

export interface PrepareOptions extends Watch {
  /** Bytes that the inputs may take in memory; by default half of what is free. */
  readonly memory?: number;
  /** Folder for prepared data, as for downloads. */
  readonly cacheDir?: string;
  readonly onWarning?: (message: string) => void;
}

/**
 * Reads a source into memory, or into a prepared file in the cache where that saves work the next time or the inputs
 * are larger than the memory for them. A prepared file of the same files is taken as it is; a damaged one is made anew.
 *
 * @throws DataError where the source cannot be read; then nothing half-written stays behind.
 */
export async function prepare(source: Source, options: PrepareOptions): Promise<Dataset> {
  const { memory = defaultMemory(), cacheDir = cacheFolder(), signal, onWarning } = options;
  const path = resolve(source.path);
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
  const key = hash([version, source.kind, source.settings, source.files.map(fingerprint)]);
  const place = join(cacheDir, 'prepared', `${hash([path, source.kind, source.settings]).slice(0, 24)}.bin`);
  const called: OpenOptions = { memory, signal, name: nameOf(path), source: `the ${source.kind} ${path}` };

  const found = await openPrepared(place, key, called);
  if (found.state === 'damaged') {
    onWarning?.(`${place}: is damaged; it is made again.`);
    await rm(place, { force: true });
  }
  const opened = found.state === 'whole' ? found : null;
  if (opened) return told(opened, onWarning);
  if (!source.isCostly) {
    const rows = new HeldRows(memory);
    try {
      const content = await readChecked(source, rows, options);
      return told(
        { dataset: heldDataset(describe(content, called), rows.inputs), notes: content.notes },
        onWarning,
      );
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
    }
  }
  const partial = await claim(place, () => isPrepared(place, key), signal);
  // Another process may have written it since it was looked for.
  const isOurs = partial !== null && !(await isPrepared(place, key));
  if (isOurs) await write(source, { partial, place, key, called, options });
  else await partial?.discard();
  const made = await openPrepared(place, key, { ...called, isFresh: isOurs });
  if (made.state !== 'whole') {
    throw new DataError(
      `${place}: was just written and is ${made.state}; check the disk, or who else writes there.`,
    );
  }
  return told(made, onWarning);
}

/** The right to write a prepared file; null where another process has written it meanwhile. */
async function claim(
  place: string,
  isDone: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<Partial | null> {
  try {
    return await Partial.claim(place, isDone, { ...waiting, ...(signal ? { signal } : {}) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new DataError(
      `${place}: prepared data cannot be kept there (${reasonOf(error)}); ` +
        'give another folder (LABEL_RELAXATION_CACHE).',
    );
  }
}

interface Writing {
  readonly partial: Partial;
  readonly place: string;
  readonly key: string;
  readonly called: OpenOptions;
  readonly options: PrepareOptions;
}

async function write(source: Source, { partial, place, key, called, options }: Writing): Promise<void> {
  try {
    const file = await open(partial.body, 'w');
    try {
      const writer = new PreparedWriter(file, place);
      const content = await readChecked(source, writer, options);
      await writer.finish(describe(content, called), key, content.notes);
    } finally {
      await file.close();
    }
    await partial.finish();
  } catch (error) {
    await partial.discard();
    throw error;
  }
}

async function readChecked(source: Source, sink: RowSink, watch: Watch): Promise<SourceContent> {
  const content = await source.read(new CheckedRows(source.path, sink), watch);
  checkClasses(content, source.path, 'example');
  return content;
}

function describe(content: SourceContent, { name, source }: OpenOptions): Description {
  const { shape, dtype, scale, labels, targets, classNames, parts } = content;
  return { name, source, shape, dtype, scale, labels, targets, classNames, parts, testShare };
}

function told(
  { dataset, notes }: { readonly dataset: Dataset; readonly notes: readonly string[] },
  tell: ((message: string) => void) | undefined,
): Dataset {
  notes.forEach((note) => tell?.(note));
  return dataset;
}

function fingerprint({ name, size, modifiedMs }: Source['files'][number]): unknown {
  return [name, size, modifiedMs];
}

function nameOf(path: string): string {
  return basename(path).replace(/\.(npz|npy|csv|parquet)$/iu, '');
}
