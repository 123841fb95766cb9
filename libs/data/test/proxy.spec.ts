import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConnectProxy } from '../../../tools/test/connect-proxy';
import { download } from '../src/download/download';
import { get } from '../src/download/http-get';
import { DataError } from '../src/errors';
import { type FileServer, serve, startServer } from './file-server';
import { newFolder, removeFolders } from './folders';

const content = Buffer.alloc(600_000, 'bytes of a data set');
const patience = { silence: 5_000, retries: 2, pause: 1, poll: 10, abandonedAfter: 60_000 };
const before = { ...process.env };

let server: FileServer;
let proxy: ConnectProxy;
let port: number;
beforeEach(async () => {
  server = await startServer(serve(content));
  port = Number(new URL(server.address).port);
  // The name is known to the proxy alone.
  proxy = new ConnectProxy(() => ({ host: '127.0.0.1', port }));
  await proxy.listen();
  Object.assign(process.env, proxy.environment);
});
afterEach(async () => {
  process.env = { ...before };
  await Promise.all([server.stop(), proxy.close()]);
  removeFolders();
});

/** Downloads a file by the proxy into a folder. */
async function run(folder: string, address = 'http://data.invalid/file'): Promise<void> {
  const verify = async (path: string) => {
    if (!readFileSync(path).equals(content)) throw new DataError(`${path}: has other bytes`);
  };
  await download({ address, destination: join(folder, 'file'), verify, patience });
}

it('data are downloaded by the proxy that HTTP_PROXY names', async () => {
  const folder = newFolder();
  await run(folder);
  expect(readdirSync(folder)).toEqual(['file']);
  expect(proxy.hosts).toEqual(['data.invalid']);
  expect(proxy.received).toBeGreaterThanOrEqual(content.length);
});

it('data whose network goes half-way say so in one line, and are gone on with where they were', async () => {
  const folder = newFolder();
  proxy.breakAfter(content.length / 2);
  await expect(run(folder)).rejects.toThrow(
    /^http:\/\/data\.invalid\/file: cannot be downloaded \(by the proxy http:\/\/127\.0\.0\.1:\d+\): [^\n]*; try again later \(what came so far is kept\)[^\n]*$/u,
  );
  expect(readdirSync(folder)).toEqual(['file.part']);
  proxy.mode = 'open';
  await run(folder);
  expect(server.requests.at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/u);
  expect(readdirSync(folder)).toEqual(['file']);
});

it('a proxy that refuses is named, without the password that stands in its address', async () => {
  proxy.mode = 'refuses';
  process.env['http_proxy'] = proxy.uri.replace('//', '//user:secret@');
  const failure = await run(newFolder()).catch((error: Error) => error.message);
  expect(failure).toMatch(
    /\(by the proxy http:\/\/127\.0\.0\.1:\d+\): it answered 502 Bad Gateway; try again/u,
  );
  expect(failure).not.toMatch(/user|secret/u);
  process.env['https_proxy'] = proxy.uri;
  await expect(run(newFolder(), 'https://data.invalid/file')).rejects.toThrow('it answered 502 Bad Gateway');
});

it('a tunnel that breaks before it is there is tried again', async () => {
  proxy.mode = 'broken';
  await expect(run(newFolder(), 'https://data.invalid/file')).rejects.toThrow(
    /cannot be downloaded \(by the/u,
  );
  expect(proxy.hosts).toHaveLength(1 + patience.retries);
});

it('is given no more of HTTPS than a tunnel', async () => {
  const heard: Buffer[] = [];
  const deaf = createServer((socket) => socket.on('data', (chunk) => heard.push(chunk) && socket.destroy()));
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  ({ port } = deaf.address() as AddressInfo);
  try {
    await expect(run(newFolder(), 'https://data.invalid/file')).rejects.toThrow('cannot be downloaded');
    expect(proxy.hosts).toContain('data.invalid');
    const [handshake, version] = heard[0]!;
    expect([handshake, version]).toEqual([22, 3]);
  } finally {
    await new Promise((resolve) => deaf.close(resolve));
  }
});

it('is not asked for this machine, nor for what NO_PROXY names', async () => {
  const folder = newFolder();
  await run(folder, `${server.address}file`);
  process.env['no_proxy'] = '.invalid';
  await expect(run(folder, 'http://data.invalid/file')).rejects.toThrow(/getaddrinfo E\w+ data\.invalid/u);
  expect(proxy.hosts).toEqual([]);
});

it.each(['proxy:word', 'socks5://127.0.0.1:1', 'http://'])(
  'is refused where its address is %s',
  async (address) => {
    process.env['http_proxy'] = address;
    const asked = get('http://data.invalid/file', { headers: {}, silence: 1_000 });
    await expect(asked).rejects.toThrow(
      'The proxy for http://data.invalid is no address as http://proxy.example.org:3128 is; set HTTP_PROXY to one',
    );
  },
);
