import { createWriteStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, DataError, reasonOf } from '../errors';
import { refuseBrokenLink } from './broken-link';
import { get, SilenceError } from './http-get';
import { Partial } from './partial';
import { isLostProxy, proxyFor } from './proxy';

/** How long a download tries, in milliseconds where not said otherwise. */
export interface Patience {
  /** Without a byte for so long, a connection is given up. */
  readonly silence: number;
  /** Number of failures in a row, none of which brought a byte, before giving up. */
  readonly retries: number;
  /** Pause before the first new attempt; doubled for each further one. */
  readonly pause: number;
  /** How often to look whether another process has finished the same download. */
  readonly poll: number;
  /** Another process's download that was not touched for so long is taken over. */
  readonly abandonedAfter: number;
}

const defaultPatience: Patience = {
  silence: 30_000,
  retries: 4,
  pause: 1_000,
  poll: 500,
  abandonedAfter: 120_000,
};

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file. */
  readonly file: string;
  readonly address: string;
  /** Bytes on disk so far, with those of an earlier, interrupted download. */
  readonly received: number;
  /** Bytes in all, or null where the server does not say. */
  readonly total: number | null;
}

export interface DownloadOptions {
  readonly address: string;
  /** Path of the finished file; until it is complete and verified nothing is there. */
  readonly destination: string;
  /** Throws a DataError if the file at this path is not what was wanted. */
  readonly verify: (path: string) => Promise<void>;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  readonly patience?: Patience;
}

/**
 * Downloads a file. What an earlier attempt left is gone on with, if the server still has the same version; several
 * processes may do the same download at once.
 *
 * @throws DataError if it cannot be had or fails `verify`; the signal's reason if that aborts.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { address, destination, verify, signal, patience = defaultPatience } = options;
  try {
    await refuseBrokenLink(dirname(destination));
    const isDone = () =>
      verify(destination).then(
        () => true,
        () => false,
      );
    const partial = await Partial.claim(destination, isDone, { ...patience, signal });
    if (!partial) {
      return;
    }
    try {
      const resumed = (await partial.size()) > 0;
      await complete(partial, options, patience);
      await verifyOrRestart(partial, resumed, options, patience);
      await partial.finish();
    } finally {
      await partial.release();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof DataError ? error : explain(error, address, destination);
  }
}

/** Bytes of an earlier attempt may be of another version or damaged: then once more, from the beginning. */
async function verifyOrRestart(
  partial: Partial,
  resumed: boolean,
  options: DownloadOptions,
  patience: Patience,
): Promise<void> {
  try {
    await options.verify(partial.body);
  } catch (error) {
    if (!(error instanceof DataError)) {
      throw error;
    }
    await truncate(partial.body);
    if (!resumed) {
      const reason = error.message.replaceAll(partial.body, 'what came');
      throw new DataError(`${options.address}: the download is not right and was thrown away. ${reason}`);
    }
    await complete(partial, options, patience);
    await verifyOrRestart(partial, false, options, patience);
  }
}

/** Downloads what is missing, beginning again where it stopped after each failure that may pass. */
async function complete(partial: Partial, options: DownloadOptions, patience: Patience): Promise<void> {
  for (let failures = 0; ;) {
    const before = await partial.size();
    try {
      await attempt(partial, options, patience);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      failures = (await partial.size()) > before ? 1 : failures + 1;
      if (!mayPass(error) || failures > patience.retries) {
        throw error;
      }
      await delay(patience.pause * 2 ** (failures - 1), undefined, { signal: options.signal });
    }
  }
}

async function attempt(partial: Partial, options: DownloadOptions, patience: Patience): Promise<void> {
  const { address, signal } = options;
  const had = await partial.size();
  const version = await partial.version();
  const headers = {
    'accept-encoding': 'identity',
    ...(had > 0 && { range: `bytes=${had}-` }),
    ...(had > 0 && version && { 'if-range': version }),
  };
  const answer = await get(address, { headers, silence: patience.silence, signal });
  try {
    const start = await placeOf(answer, had, partial);
    if (start !== null) {
      await receive(answer, start, partial, options);
    }
  } finally {
    answer.destroy();
  }
}

/** Where in the file the answer's bytes begin; null if nothing is missing. */
async function placeOf(answer: IncomingMessage, had: number, partial: Partial): Promise<number | null> {
  const status = answer.statusCode ?? 0;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(answer.headers['content-range'] ?? '');
  if (status === 206 && range && Number(range[1]) === had) {
    return had;
  }
  if (status === 416 && Number(range?.[2]) === had) {
    return null;
  }
  if (status === 206 || status === 416) {
    await truncate(partial.body);
    throw new PassingError(`it answered with other bytes than those asked for (HTTP ${status})`);
  }
  if (status === 200) {
    await truncate(partial.body);
    const { etag, 'last-modified': date } = answer.headers;
    await partial.keepVersion(etag && !etag.startsWith('W/') ? etag : (date ?? ''));
    return 0;
  }
  const text = `it answered ${status} ${answer.statusMessage ?? ''}`.trimEnd();
  throw status === 408 || status === 429 || status >= 500 ? new PassingError(text) : new Error(text);
}

async function receive(
  answer: IncomingMessage,
  start: number,
  partial: Partial,
  { address, destination, onProgress = () => undefined, signal }: DownloadOptions,
): Promise<void> {
  const length = answer.headers['content-length'];
  const total = length === undefined ? null : start + Number(length);
  const file = basename(destination);
  let received = start;
  let told = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      yield chunk;
      received += chunk.length;
      if (Date.now() - told >= 100) {
        told = Date.now();
        onProgress({ file, address, received, total });
      }
    }
  };
  await pipeline(answer, count, createWriteStream(partial.body, { flags: 'r+', start }), { signal });
  const handle = await open(partial.body, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  onProgress({ file, address, received, total });
}

/** A failure after which another attempt may succeed. */
class PassingError extends Error {}

const passingCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

function mayPass(error: unknown): boolean {
  const isKnown = error instanceof PassingError || error instanceof SilenceError || isLostProxy(error);
  return isKnown || passingCodes.has(codeOf(error) ?? '');
}

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

/** Whether an error is of the disk, where it names a path or says so itself, and not of the network. */
function isOfDisk(error: unknown): boolean {
  return typeof (error as { path?: unknown } | null)?.path === 'string' || diskCodes.has(codeOf(error) ?? '');
}

function explain(error: unknown, address: string, destination: string): DataError {
  if (isOfDisk(error)) {
    return new DataError(
      `${dirname(destination)}: cannot be written (${reasonOf(error)}); make room there or choose another cache ` +
        'folder (LABEL_RELAXATION_CACHE).',
    );
  }
  const proxy = proxyFor(new URL(address));
  const way = proxy === null ? '' : ` (by the proxy ${proxy.address})`;
  return new DataError(
    `${address}: cannot be downloaded${way}: ${reasonOf(error)}; try again later (what came so far is kept), or get the ` +
      'file in another way and give its folder (--data_dir).',
  );
}
