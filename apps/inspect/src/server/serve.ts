import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RunError } from '@label-relaxation/experiments';
import type { Site } from './site';

/** How a site is served. */
export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Where its pages may connect to, as the directive `connect-src` of their Content-Security-Policy says it. */
  readonly connect: "'none'" | "'self'";
}

/** A site that is served. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const address = '127.0.0.1';

/**
 * Serves a site to this machine alone. A request under another name than this machine's, as a page elsewhere could make by a
 * name that leads here, or from another origin, is refused.
 *
 * @throws RunError where the port is taken
 */
export async function serve(site: Site, { port, connect }: ServeOptions): Promise<Served> {
  const headers = headersWith(connect);
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    answer(site, request, response, { headers, hosts: [`${address}:${own}`, `localhost:${own}`] });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new RunError(`port ${port} is taken: give another by --port, or none for one that is free`)
          : new RunError(`the page cannot be served at port ${port}: ${error.message}`),
      ),
    );
    server.listen(port, address, resolve);
  });
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves a site, and says where, until the command is stopped. */
export async function serveUntilStopped(
  site: Site,
  { title, signal, ...options }: ServeOptions & { readonly title: string; readonly signal: AbortSignal },
): Promise<never> {
  signal.throwIfAborted();
  const { url, close } = await serve(site, options);
  process.stdout.write(`${title}: ${url}\n`);
  process.stderr.write('Ctrl-C ends it\n');
  try {
    return await new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
  } finally {
    await close();
  }
}

function headersWith(connect: ServeOptions['connect']): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

interface Answering {
  readonly headers: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
}

function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  { headers, hosts }: Answering,
) {
  const { method = '', url = '/' } = request;
  const { host = '', origin } = request.headers;
  const refuse = (status: number, reason: string) =>
    response
      .writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
      .end(`${reason}\n`);
  if (!hosts.includes(host)) return refuse(403, `This page is at http://${hosts[0]}/ alone.`);
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`))
    return refuse(403, 'Other pages get nothing from here.');
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'There is nothing but to be read here.');
  const file = site.get(url.replace(/\?.*$/u, ''));
  if (file === undefined) return refuse(404, 'There is no such page here.');
  const body = Buffer.from(file.body as Uint8Array);
  response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': body.length });
  return response.end(method === 'HEAD' ? undefined : body);
}
