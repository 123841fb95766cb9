import { withoutCredentials } from './address';
import { MlflowError } from './errors';

/** How to reach a server. What is left out is read from MLflow's environment variables. */
export interface ConnectionOptions {
  /** Address of the server, with its base path if it has one. Default: `MLFLOW_TRACKING_URI`. */
  trackingUri?: string;
  /**
   * Basic authentication; wins over `token`. Default: those in the address, else those in `MLFLOW_TRACKING_URI` if it names the same
   * server, else `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`.
   */
  username?: string;
  password?: string;
  /** Bearer token. Default: `MLFLOW_TRACKING_TOKEN`. */
  token?: string;
  /** Accept any certificate. Default: `MLFLOW_TRACKING_INSECURE_TLS`. */
  insecureTls?: boolean;
  /** PEM file of the authority that signed the server's certificate. Default: `MLFLOW_TRACKING_SERVER_CERT_PATH`. */
  serverCertPath?: string;
  /** PEM file with the client's certificate and key. Default: `MLFLOW_TRACKING_CLIENT_CERT_PATH`. */
  clientCertPath?: string;
  /** Milliseconds without an answer, or in which less than 64 KiB of it or of an upload move, after which a try fails. Default: `MLFLOW_HTTP_REQUEST_TIMEOUT` seconds, or 120,000. */
  timeoutMs?: number;
  /** Tries after the first one. Default: `MLFLOW_HTTP_REQUEST_MAX_RETRIES`, or 7. */
  maxRetries?: number;
  /** First wait between two tries in milliseconds; it doubles up to a minute. Default 1000. */
  backoffMs?: number;
  /** More headers for every request. */
  headers?: Record<string, string>;
  /**
   * Asked just before anything goes out; where it throws, nothing does, and the call fails with what it threw. For a process that may have
   * lost its work to another one without noticing, because it was frozen.
   */
  beforeSend?: () => void;
}

/** Connection options with nothing left open. */
export interface Connection {
  /** Without a trailing slash and without credentials. */
  trackingUri: string;
  authorization: string | undefined;
  insecureTls: boolean;
  serverCertPath: string | undefined;
  clientCertPath: string | undefined;
  timeoutMs: number;
  maxRetries: number;
  backoffMs: number;
  headers: Record<string, string>;
  beforeSend: (() => void) | undefined;
}

type Environment = Record<string, string | undefined>;

/** The address of the server without credentials, query and trailing slashes; throws unless it is http or https. */
export function normaliseTrackingUri(uri: string): string {
  return parseUri(uri).address;
}

/** Fills what the options leave out from MLflow's environment variables; throws an `MlflowError` that names what is wrong. */
export function resolveConnection(
  options: ConnectionOptions = {},
  environment: Environment = process.env,
): Connection {
  const uri = options.trackingUri ?? nonEmpty(environment.MLFLOW_TRACKING_URI);
  if (uri === undefined) {
    throw new MlflowError(
      'No tracking server is named: set MLFLOW_TRACKING_URI or pass trackingUri, such as http://127.0.0.1:5000.',
    );
  }
  const {
    address,
    username: uriUsername,
    password: uriPassword,
  } = withEnvironment(parseUri(uri), environment);
  const username = options.username ?? uriUsername ?? nonEmpty(environment.MLFLOW_TRACKING_USERNAME);
  const password = options.password ?? uriPassword ?? nonEmpty(environment.MLFLOW_TRACKING_PASSWORD);
  const token = options.token ?? nonEmpty(environment.MLFLOW_TRACKING_TOKEN);
  const insecureTls =
    options.insecureTls ?? booleanVariable(environment, 'MLFLOW_TRACKING_INSECURE_TLS') ?? false;
  const serverCertPath = options.serverCertPath ?? nonEmpty(environment.MLFLOW_TRACKING_SERVER_CERT_PATH);
  if (insecureTls && serverCertPath !== undefined) {
    throw new MlflowError(
      'MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other: set one of them.',
    );
  }
  return {
    trackingUri: address,
    authorization: authorization(username, password, token),
    insecureTls,
    serverCertPath,
    clientCertPath: options.clientCertPath ?? nonEmpty(environment.MLFLOW_TRACKING_CLIENT_CERT_PATH),
    timeoutMs:
      options.timeoutMs ?? (numberVariable(environment, 'MLFLOW_HTTP_REQUEST_TIMEOUT') ?? 120) * 1000,
    maxRetries: options.maxRetries ?? numberVariable(environment, 'MLFLOW_HTTP_REQUEST_MAX_RETRIES') ?? 7,
    backoffMs: options.backoffMs ?? 1000,
    headers: { ...options.headers },
    beforeSend: options.beforeSend,
  };
}

function notAnAddress(uri: string): MlflowError {
  return new MlflowError(
    `The tracking URI "${withoutCredentials(uri)}" is not an address: use one such as http://127.0.0.1:5000.`,
  );
}

interface ParsedUri {
  address: string;
  username: string | undefined;
  password: string | undefined;
}

function parseUri(uri: string): ParsedUri {
  let url: URL;
  let [username, password] = ['', ''];
  try {
    url = new URL(uri.trim());
    [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  } catch {
    throw notAnAddress(uri);
  }
  // An @ behind the server's name is of a password that was not encoded.
  if (`${url.pathname}${url.search}${url.hash}`.includes('@')) throw notAnAddress(uri);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new MlflowError(
      `The tracking URI "${withoutCredentials(uri)}" is not an http or https address: this client needs an MLflow server, such as one at http://127.0.0.1:5000.`,
    );
  }
  return {
    address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    username: nonEmpty(username),
    password: nonEmpty(password),
  };
}

/**
 * The address with the user and password of MLFLOW_TRACKING_URI where that is the same one: what a journal or another process was told of
 * the server has none.
 */
function withEnvironment(uri: ParsedUri, { MLFLOW_TRACKING_URI: named }: Environment): ParsedUri {
  if (uri.username !== undefined || uri.password !== undefined || nonEmpty(named) === undefined) return uri;
  try {
    const known = parseUri(named as string);
    return known.address === uri.address ? known : uri;
  } catch {
    return uri;
  }
}

function authorization(
  username: string | undefined,
  password: string | undefined,
  token: string | undefined,
): string | undefined {
  if (username !== undefined && password !== undefined) {
    return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  }
  return token === undefined ? undefined : `Bearer ${token}`;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

function booleanVariable(environment: Environment, name: string): boolean | undefined {
  const text = nonEmpty(environment[name])?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new MlflowError(`${name} is "${environment[name]}": use true or false.`);
}

function numberVariable(environment: Environment, name: string): number | undefined {
  const text = nonEmpty(environment[name]);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new MlflowError(`${name} is "${text}": use a number that is not negative.`);
  return value;
}
