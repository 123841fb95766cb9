import { readFileSync } from 'node:fs';
import { Agent, type AgentOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { Connection } from './connection';
import { messageOf, MlflowError } from './errors';
import { guardAgent } from './guard';

/** How requests come to a server. */
export interface Route {
  /** Keeps its connections open. */
  readonly agent: Agent;
  /** The address of the proxy that stands before the server, without user and password. */
  readonly proxy: string | undefined;
  /** Both in words. */
  readonly server: string;
}

/**
 * The way to a server: by the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for it (also in lower case), unless NO_PROXY excepts
 * it or it is on this machine.
 *
 * @throws MlflowError if what is named is no address of an HTTP proxy, or a certificate cannot be read.
 */
export function routeTo(connection: Connection): Route {
  const url = new URL(connection.trackingUri);
  const proxyUrl = proxyOf(url);
  const proxy = proxyUrl?.origin;
  const server = `${connection.trackingUri}${proxy === undefined ? '' : ` by the proxy ${proxy}`}`;
  const tls = tlsOptions(connection);
  const agent = agentFor(url, proxyUrl, { keepAlive: true, maxSockets: 8 }, tls);
  const { beforeSend } = connection;
  return { agent: beforeSend === undefined ? agent : guardAgent(agent, beforeSend), proxy, server };
}

function proxyOf(server: URL): URL | undefined {
  const given = isLoopback(server.hostname) ? '' : getProxyForUrl(server.href);
  if (given === '') return undefined;
  const proxy = URL.canParse(given) ? new URL(given) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol) || proxy.hostname === '') {
    throw new MlflowError(
      `The proxy for ${server.origin} is no address as http://proxy.example.org:3128 is: set ` +
        `${server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'} to one, or NO_PROXY to ${server.hostname}.`,
    );
  }
  return proxy;
}

function agentFor(
  { protocol }: URL,
  proxy: URL | undefined,
  options: AgentOptions,
  tls: SecureContextOptions,
): Agent {
  if (protocol === 'http:')
    return proxy === undefined ? new Agent(options) : new HttpProxyAgent(proxy, options);
  if (proxy === undefined) return new SecureAgent({ ...options, ...tls });
  // What its constructor gets is for the proxy's own certificate.
  const agent = new HttpsProxyAgent(proxy, options);
  Object.assign(agent.options, tls);
  return agent;
}

/** Whether a proxy was lost before it had brought a request anywhere. */
export function isLostProxy(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Proxy connection ended before');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

function tlsOptions(connection: Connection): SecureContextOptions & { rejectUnauthorized?: boolean } {
  const client =
    connection.clientCertPath === undefined
      ? undefined
      : readPem(connection.clientCertPath, 'client certificate');
  return {
    ...(connection.insecureTls ? { rejectUnauthorized: false } : {}),
    ...(connection.serverCertPath === undefined
      ? {}
      : { ca: readPem(connection.serverCertPath, 'server certificate') }),
    ...(client === undefined ? {} : { cert: client, key: client }),
  };
}

function readPem(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MlflowError(`The ${what} ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
