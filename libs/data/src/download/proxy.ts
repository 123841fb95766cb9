import type { Agent } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { DataError } from '../errors';

/** What stands between this machine and an address. */
export interface Proxy {
  readonly agent: Agent;
  /** Its address, without user and password. */
  readonly address: string;
}

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for an address (also in lower case), unless NO_PROXY excepts that or
 * it is on this machine; null for none.
 *
 * @throws DataError if what is named is no address of an HTTP proxy.
 */
export function proxyFor(target: URL): Proxy | null {
  const given = isLoopback(target.hostname) ? '' : getProxyForUrl(target.href);
  if (given === '') return null;
  const proxy = URL.canParse(given) ? new URL(given) : null;
  if (proxy === null || !/^https?:$/u.test(proxy.protocol) || proxy.hostname === '') {
    throw new DataError(
      `The proxy for ${target.origin} is no address as http://proxy.example.org:3128 is; set ` +
        `${target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'} to one, or NO_PROXY to ${target.hostname}.`,
    );
  }
  const agent = target.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy);
  return { agent, address: proxy.origin };
}

/** Whether a proxy was lost before it had reached the address. */
export function isLostProxy(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Proxy connection ended before');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./u.test(hostname);
}
