import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectProxy } from '../../../tools/test/connect-proxy';
import { MlflowClient, type ConnectionOptions } from '../src/index';

const { certificate, key } = JSON.parse(
  readFileSync(join(__dirname, '../../../tools/fixtures/tracking/certificate.json'), 'utf8'),
) as { certificate: string; key: string };
const before = { ...process.env };

describe.each(['http', 'https'])('a server of %s, behind a proxy,', (protocol) => {
  const uri = `${protocol}://mlflow.invalid`;
  const folder = mkdtempSync(join(tmpdir(), 'tracking-proxy-'));
  const authority = join(folder, 'ca.pem');
  let server: Server;
  let proxy: ConnectProxy;
  let sockets: Set<unknown>;
  beforeAll(() => writeFileSync(authority, certificate));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    sockets = new Set();
    const answer = JSON.stringify({ experiment: { experiment_id: '7', name: 'x' }, experiment_id: '7' });
    const listener = (_: unknown, response: { end(text: string): void }) => response.end(answer);
    server =
      protocol === 'https' ? createServer({ cert: certificate, key }, listener) : createPlainServer(listener);
    server.on(protocol === 'https' ? 'secureConnection' : 'connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = new ConnectProxy(() => ({ host: '127.0.0.1', port: portOf(server) }));
    await proxy.listen();
    Object.assign(process.env, proxy.environment);
  });
  afterEach(async () => {
    process.env = { ...before };
    server.closeAllConnections();
    await Promise.all([new Promise((resolve) => server.close(resolve)), proxy.close()]);
  });

  const portOf = (one: Server) => (one.address() as AddressInfo).port;
  const client = (options: ConnectionOptions = {}) =>
    new MlflowClient({
      ...{ trackingUri: uri, serverCertPath: authority, backoffMs: 1, timeoutMs: 60_000, maxRetries: 2 },
      ...options,
    });

  it('is reached by it, over one connection', async () => {
    const one = client();
    for (let i = 0; i < 3; i++) expect((await one.getExperiment('7')).name).toBe('x');
    expect(new Set(proxy.hosts)).toEqual(new Set(['mlflow.invalid']));
    expect(sockets.size).toBe(1);
  });

  it('is asked nothing that is held back', async () => {
    const beforeSend = () => {
      throw new Error('taken over');
    };
    await expect(client({ beforeSend }).getExperiment('7')).rejects.toThrow('taken over');
    expect(sockets.size).toBe(0);
  });

  it.each([
    ['drops each connection', 'broken', 'cannot be reached: '],
    ['does not find it', 'refuses', 'answered 502: Bad Gateway'],
  ] as const)(
    'counts as one that is not there where the proxy %s, at once and in one line',
    async (_, mode, words) => {
      proxy.mode = mode;
      await expect(client().getExperiment('7')).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`^${uri} by the proxy ${proxy.uri} ${words}.*$`, 'u')),
        retryable: true,
      });
      expect(proxy.hosts).toHaveLength(3);
      proxy.mode = 'open';
      expect((await client().getExperiment('7')).name).toBe('x');
    },
  );

  it('counts as one that is not there where the proxy does not run', async () => {
    await proxy.close();
    Object.assign(process.env, {
      http_proxy: 'http://ann:secret@127.0.0.1:9',
      https_proxy: 'http://ann:secret@127.0.0.1:9',
    });
    await expect(client().getExperiment('7')).rejects.toThrow(
      /^\w+:\/\/mlflow.invalid by the proxy http:\/\/127\.0\.0\.1:9 cannot be reached: [^\n]*ECONNREFUSED[^\n]* \(is the proxy running\?\)$/u,
    );
    await proxy.listen();
  });

  it('is refused by name where the proxy is none', () => {
    Object.assign(process.env, {
      http_proxy: 'socks5://ann:secret@one',
      https_proxy: 'socks5://ann:secret@one',
    });
    expect(() => client()).toThrow(
      `The proxy for ${uri} is no address as http://proxy.example.org:3128 is: set ${protocol.toUpperCase()}_PROXY to one, or NO_PROXY to mlflow.invalid.`,
    );
  });

  it('is asked straight where NO_PROXY excepts it, as one on this machine is', async () => {
    const local = `${protocol}://127.0.0.1:${portOf(server)}`;
    expect((await client({ trackingUri: local }).getExperiment('7')).name).toBe('x');
    process.env['no_proxy'] = 'other.example,.invalid';
    await expect(client({ maxRetries: 0 }).getExperiment('7')).rejects.toThrow(
      /^\w+:\/\/mlflow.invalid cannot be reached: [^\n]*(ENOTFOUND|EAI_AGAIN)/u,
    );
    expect(proxy.hosts).toEqual([]);
  });
});

it('a call that may not be repeated is, where a proxy was lost before it came anywhere', async () => {
  const proxy = new ConnectProxy();
  await proxy.listen();
  proxy.mode = 'broken';
  Object.assign(process.env, proxy.environment);
  try {
    const client = new MlflowClient({ trackingUri: 'https://mlflow.invalid', backoffMs: 1, maxRetries: 2 });
    await expect(client.createExperiment('x')).rejects.toMatchObject({ ambiguous: false });
    expect(proxy.hosts).toHaveLength(3);
  } finally {
    process.env = { ...before };
    await proxy.close();
  }
});
