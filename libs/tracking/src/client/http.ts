import type { Readable } from 'node:stream';
import axios, {
  AxiosError,
  type AxiosInstance,
  type AxiosProgressEvent,
  type AxiosRequestConfig,
  type AxiosResponse,
} from 'axios';
import { withoutCredentials } from './address';
import { abortError, backoffDelay, parseRetryAfter, sleep } from './backoff';
import type { Connection } from './connection';
import type { Endpoint } from './endpoints';
import { firstLine, isWebPage, messageOf, MlflowError } from './errors';
import { HeldBack } from './guard';
import { isLostProxy, routeTo, type Route } from './route';
import { StallTimer } from './stall';

/** Options of a single call. */
export interface CallOptions {
  /** Stops the call and its waits. */
  signal?: AbortSignal;
  /** Tries after the first one, in place of the connection's `maxRetries`. */
  retries?: number;
}

const RETRYABLE_STATUS = new Set([408, 429, 500, 502, 503, 504]);
/** With these the request never reached the server. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);
/** What a database says that two requests added the same row to at once: sent again, the later one finds the row. */
const ADDED_AT_ONCE = /IntegrityError.*(unique|duplicate)/i;
/** The most bytes of an answer, unpacked: a page of a thousand runs has a tenth of them. */
const LARGEST_ANSWER = 1 << 28;
/** With these trying again leads to the same end. */
const HOPELESS =
  /^(ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|HOSTNAME_MISMATCH|ERR_INVALID|ERR_BAD_OPTION)/;

/** Requests to one MLflow server, over connections that are kept open. */
export class Http {
  private readonly axios: AxiosInstance;
  private readonly route: Route;

  constructor(readonly connection: Connection) {
    this.route = routeTo(connection);
    const { agent } = this.route;
    this.axios = axios.create({
      baseURL: connection.trackingUri,
      headers: {
        ...connection.headers,
        ...(connection.authorization === undefined ? {} : { Authorization: connection.authorization }),
      },
      httpAgent: agent,
      httpsAgent: agent,
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: Infinity,
      maxContentLength: Infinity,
      validateStatus: () => true,
    });
  }

  /** Sends one call of the REST API and returns the parsed answer; retries as far as the endpoint allows. */
  async call<Request extends object, Response>(
    endpoint: Endpoint<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const path = `/api/2.0/mlflow/${fillPath(endpoint.path, request)}`;
    const config: AxiosRequestConfig = {
      method: endpoint.method,
      url: path,
      responseType: 'text',
      transformResponse: (data: unknown) => data,
      maxContentLength: LARGEST_ANSWER,
      ...(endpoint.method === 'GET'
        ? { params: request, paramsSerializer: { indexes: null } }
        : { data: request }),
    };
    const response = await this.retrying(endpoint.repeatable, options, () =>
      this.once(config, options.signal),
    );
    return readAnswer(endpoint, response, this.connection.trackingUri);
  }

  /** PUTs bytes; `open` is called again for every try. */
  async upload(
    path: string,
    open: () => Promise<{ body: Readable | Buffer; size: number }>,
    options: CallOptions = {},
  ): Promise<void> {
    await this.retrying(true, options, async () => {
      const { body, size } = await open();
      try {
        const config: AxiosRequestConfig = {
          method: 'PUT',
          url: path,
          data: body,
          headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(size) },
          responseType: 'text',
        };
        return await this.once(config, options.signal, (stalled) => {
          if (!Buffer.isBuffer(body)) body.on('data', (chunk: Buffer) => stalled.progress(chunk.length));
        });
      } finally {
        if (!Buffer.isBuffer(body)) body.destroy();
      }
    });
  }

  /** GETs bytes as a stream that fails when it stalls; retries only until the answer begins. */
  async download(path: string, options: CallOptions = {}): Promise<Readable> {
    const response = await this.retrying(true, options, () =>
      this.once({ method: 'GET', url: path, responseType: 'stream', decompress: true }, options.signal),
    );
    return response.data as Readable;
  }

  /** Sends a request once; fails when its answer, or what `watch` tells of, stops coming or trickles. */
  private async once(
    config: AxiosRequestConfig,
    signal: AbortSignal | undefined,
    watch: (stalled: StallTimer) => void = () => undefined,
  ): Promise<AxiosResponse> {
    this.connection.beforeSend?.();
    const stalled = new StallTimer(this.connection.timeoutMs, signal);
    watch(stalled);
    const onDownloadProgress = ({ bytes }: AxiosProgressEvent) => stalled.progress(bytes);
    const watched = config.responseType === 'stream' ? config : { ...config, onDownloadProgress };
    try {
      const response = await this.axios.request({ ...watched, signal: stalled.signal });
      if (response.status >= 200 && response.status < 300) return response;
      throw await answerError(response, this.route);
    } catch (error) {
      if (signal?.aborted) throw abortError(signal);
      throw stalled.expired
        ? timeoutError(this.route, this.connection.timeoutMs)
        : connectionError(error, this.route, this.connection.timeoutMs);
    } finally {
      stalled.clear();
    }
  }

  private async retrying<T>(
    repeatable: boolean,
    options: CallOptions,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const retries = options.retries ?? this.connection.maxRetries;
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        const again = error instanceof MlflowError && error.retryable && (repeatable || !error.ambiguous);
        if (!again || tries > retries) throw error;
        await sleep(
          error.retryAfterMs ?? backoffDelay(tries, { baseMs: this.connection.backoffMs }),
          options.signal,
        );
      }
    }
  }
}

function fillPath(path: string, request: object): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((request as Record<string, unknown>)[name])),
  );
}

/** What a server answers, if it is what the endpoint's answers are. */
function readAnswer<Request, Response>(
  { path, answer: fits }: Endpoint<Request, Response>,
  { data, status }: AxiosResponse,
  uri: string,
): Response {
  const text = String(data);
  const answer = readObject(text);
  if (answer !== undefined && fits(answer)) return answer as Response;
  const what = answer === undefined ? '' : ` ${path}`;
  throw new MlflowError(`${uri} does not answer${what} as an MLflow server does: "${firstLine(text)}"`, {
    status,
  });
}

function timeoutError({ server }: Route, milliseconds: number): MlflowError {
  return new MlflowError(`${server} did not answer within ${milliseconds / 1000} s.`, {
    code: 'ETIMEDOUT',
    retryable: true,
    ambiguous: true,
  });
}

function connectionError(error: unknown, route: Route, timeoutMs: number): unknown {
  if (error instanceof MlflowError) return error;
  if (error instanceof AxiosError && error.cause instanceof HeldBack) return error.cause.reason;
  const code = error instanceof AxiosError ? error.code : undefined;
  if (code === 'ETIMEDOUT') return timeoutError(route, timeoutMs);
  return new MlflowError(`${route.server} cannot be reached: ${messageOf(error)}${explain(code, route)}`, {
    ...(code === undefined ? {} : { code }),
    retryable: code === undefined || !HOPELESS.test(code),
    ambiguous: code === undefined ? !isLostProxy(error) : !NEVER_ARRIVED.has(code),
    cause: causeOf(error),
  });
}

/** What went wrong below axios, whose own errors carry the request with its credentials. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof AxiosError)) return error;
  return error.cause ?? new Error(error.message);
}

function explain(code: string | undefined, { proxy }: Route): string {
  if (code === undefined) return '';
  if (code === 'ECONNREFUSED') return ` (is the ${proxy === undefined ? 'server' : 'proxy'} running?)`;
  return /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)
    ? ' (name the authority with MLFLOW_TRACKING_SERVER_CERT_PATH, or set MLFLOW_TRACKING_INSECURE_TLS=true)'
    : '';
}

async function answerError(response: AxiosResponse, { server }: Route): Promise<MlflowError> {
  const { status } = response;
  const text = await bodyText(response.data);
  const { code, message } = mlflowError(text);
  const retryAfterMs = parseRetryAfter(response.headers['retry-after']);
  const location: unknown = response.headers.location;
  const said = message ?? (firstLine(text) || response.statusText || 'no message');
  const isForeign = text.trim() === '' || isWebPage(text);
  const who = isForeign ? server : 'MLflow';
  return new MlflowError(
    `${who} answered ${status}${code === undefined ? '' : ` ${code}`}: ${said}${advice(status, location, server, isForeign)}`,
    {
      status,
      ...(code === undefined ? {} : { code }),
      retryable: RETRYABLE_STATUS.has(status) || (code === 'BAD_REQUEST' && ADDED_AT_ONCE.test(said)),
      ambiguous: status >= 500,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function advice(status: number, location: unknown, server: string, isForeign: boolean): string {
  if (status === 401)
    return ' (set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN)';
  if (status >= 300 && status < 400)
    return ` (${server} redirects to ${withoutCredentials(String(location))}: set the tracking URI to the final address)`;
  if (isForeign && !RETRYABLE_STATUS.has(status))
    return ' (that is no answer of an MLflow server: another program may have its port, or the address be another one)';
  return '';
}

function mlflowError(text: string): { code?: string; message?: string } {
  const { error_code: code, message }: { error_code?: unknown; message?: unknown } = readObject(text) ?? {};
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message: firstLine(message) } : {}),
  };
}

/** The object that a JSON text is; undefined if it is none. */
function readObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function bodyText(data: unknown): Promise<string> {
  if (data === null || data === undefined) return '';
  if (typeof data === 'string') return data;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of data as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > 65_536) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
