import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CallOptions, Http } from './http';
import { messageOf, MlflowError } from './errors';
import { StallTimer } from './stall';
import { checkArtifactPath } from './validation';

/** Bytes of one file that have gone over the wire. */
export interface TransferProgress {
  path: string;
  transferred: number;
  /** Undefined when the server does not say. */
  total: number | undefined;
}

export interface TransferOptions extends CallOptions {
  onProgress?: (progress: TransferProgress) => void;
}

/** PUTs a file, streamed from disk, below an artifact root such as a run's `artifact_uri`. */
export async function uploadFile(
  http: Http,
  root: string,
  path: string,
  file: string,
  options: TransferOptions = {},
): Promise<void> {
  const url = artifactUrl(http, root, path);
  await http.upload(
    url,
    async () => {
      const { size } = await stat(file).catch((error: unknown) => {
        throw new MlflowError(`The file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
      });
      if (size === 0) return { body: Buffer.alloc(0), size };
      const body = createReadStream(file, { end: size - 1, highWaterMark: 1 << 18 });
      let transferred = 0;
      if (options.onProgress !== undefined) {
        body.on('data', (chunk) => {
          transferred += chunk.length;
          options.onProgress?.({ path, transferred, total: size });
        });
      }
      return { body, size };
    },
    options,
  );
}

/** PUTs bytes below an artifact root. */
export async function uploadBytes(
  http: Http,
  root: string,
  path: string,
  bytes: Buffer,
  options: CallOptions = {},
): Promise<void> {
  await http.upload(
    artifactUrl(http, root, path),
    async () => ({ body: bytes, size: bytes.length }),
    options,
  );
}

/** Downloads one artifact into `file`, through a temporary file beside it; the folder is made. */
export async function downloadFile(
  http: Http,
  root: string,
  path: string,
  file: string,
  options: TransferOptions = {},
): Promise<void> {
  const url = artifactUrl(http, root, path);
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.part`;
  const retries = options.retries ?? http.connection.maxRetries;
  for (let tries = 1; ; tries += 1) {
    try {
      await stream(http, url, path, partial, options);
      await rename(partial, file);
      return;
    } catch (error) {
      await rm(partial, { force: true });
      const broken = !(error instanceof MlflowError);
      if (!broken || tries > retries || options.signal?.aborted) {
        throw broken
          ? new MlflowError(`The artifact ${path} cannot be downloaded: ${messageOf(error)}`, {
              cause: error,
            })
          : error;
      }
    }
  }
}

async function stream(
  http: Http,
  url: string,
  path: string,
  file: string,
  options: TransferOptions,
): Promise<void> {
  const source = await http.download(url, options);
  const header = (source as { headers?: Record<string, string | undefined> }).headers?.['content-length'];
  const total = header === undefined ? undefined : Number(header);
  let transferred = 0;
  const stalled = new StallTimer(http.connection.timeoutMs, options.signal);
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      transferred += chunk.length;
      stalled.progress(chunk.length);
      options.onProgress?.({ path, transferred, total });
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, counter, createWriteStream(file), { signal: stalled.signal });
  } catch (error) {
    throw stalled.expired ? new Error('the server stopped sending') : error;
  } finally {
    stalled.clear();
  }
}

/** The path on the server of an artifact: only roots that the server itself proxies can be reached. */
function artifactUrl(http: Http, root: string, path: string): string {
  checkArtifactPath(path);
  const match = /^mlflow-artifacts:(?:\/\/([^/]*))?\/*(.*?)\/*$/.exec(root);
  const { host } = new URL(http.connection.trackingUri);
  if (match === null || (match[1] !== undefined && match[1] !== '' && match[1] !== host)) {
    throw new MlflowError(
      `The artifacts are kept at ${root}, which this client cannot reach: start the MLflow server with --artifacts-destination so that it serves them itself.`,
    );
  }
  const full = match[2] === '' ? path : `${match[2]}/${path}`;
  return `/api/2.0/mlflow-artifacts/artifacts/${full.split('/').map(encodeURIComponent).join('/')}`;
}
