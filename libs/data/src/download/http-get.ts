import type { IncomingMessage } from 'node:http';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { proxyFor } from './proxy';

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;

/** A connection on which nothing came for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds without a byte, before or during the answer, after which the connection is given up. */
  readonly silence: number;
  readonly signal?: AbortSignal;
}

/** GETs an address over http or https, by its proxy if it has one, following redirects; the answer's body is still to be read. */
export async function get(address: string, options: GetOptions): Promise<IncomingMessage> {
  let target = new URL(address);
  for (let hops = 0; ; hops++) {
    const answer = await getOnce(target, options);
    const location = answer.headers.location;
    if (!redirects.has(answer.statusCode ?? 0) || !location) {
      return answer;
    }
    answer.destroy();
    if (hops === mostRedirects) {
      throw new Error(`it redirects more than ${mostRedirects} times`);
    }
    target = new URL(location, target);
  }
}

function getOnce(target: URL, { headers, silence, signal }: GetOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = target.protocol === 'https:' ? requestSecure : requestPlain;
    const sent = request(target, {
      headers: { 'user-agent': 'label-relaxation', ...headers },
      agent: proxyFor(target)?.agent ?? false,
      signal,
    });
    sent.setTimeout(silence, () => sent.destroy(new SilenceError(`nothing came for ${silence / 1000} s`)));
    sent.on('error', reject);
    sent.on('response', resolve);
    sent.end();
  });
}
