import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { choosePython } from '../../libs/runtime/setup/requirements.cjs';
import { fetchWheel, wheelFor, wheelName } from '../../libs/runtime/setup/tensorflow.cjs';
import { installPackages } from '../setup/npm-packages.cjs';
import { ConnectProxy } from './connect-proxy';
import { whenLong } from './long';

jest.setTimeout(300_000);

const host = 'registry.invalid';
const size = 600_000;
const before = { ...process.env };
const choice = choosePython();
const python = 'python' in choice ? choice.python.file : '';

/** What a registry has, by path. */
const files = new Map<string, Buffer>();
let folder: string;
let registry: Server;
let proxy: ConnectProxy;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'label-relaxation-network-'));
  files.clear();
  registry = createServer(({ url = '' }, response) => {
    const file = files.get(url);
    const type = url.startsWith('/simple') ? 'text/html' : 'application/octet-stream';
    response
      .writeHead(file ? 200 : 404, { 'content-type': type, 'content-length': file?.length ?? 0 })
      .end(file);
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const { port } = registry.address() as AddressInfo;
  proxy = new ConnectProxy(() => ({ host: '127.0.0.1', port }));
  await proxy.listen();
  Object.assign(process.env, proxy.environment);
});
afterEach(async () => {
  process.env = { ...before };
  registry.closeAllConnections();
  await Promise.all([new Promise((resolve) => registry.close(resolve)), proxy.close()]);
  rmSync(folder, { recursive: true });
});

const gone =
  /^[^\n]+: (the connection broke half-way|[^\n]*request to )[^\n]*; try again when there is a network[^\n]*$/u;

describe("npm's packages", () => {
  let top: string;
  const installed = () => readFileSync(join(top, 'node_modules/some-package/content')).length;
  beforeEach(() => {
    top = join(folder, 'top');
    mkdirSync(join(folder, 'package'));
    mkdirSync(top);
    const manifest = { name: 'some-package', version: '1.0.0' };
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package/content'), randomBytes(size));
    const tarball = execFileSync('tar', ['-cz', 'package'], { cwd: folder, maxBuffer: 2 * size });
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const path = '/some-package/-/some-package-1.0.0.tgz';
    const dist = { tarball: `http://${host}${path}`, integrity };
    const versions = { '1.0.0': { ...manifest, dist } };
    files.set(path, tarball);
    files.set('/some-package', Buffer.from(JSON.stringify({ name: manifest.name, versions })));
    const own = { name: 'top', version: '1.0.0', dependencies: { 'some-package': '1.0.0' } };
    const packages = { '': own, 'node_modules/some-package': { version: '1.0.0', integrity } };
    writeFileSync(join(top, 'package.json'), JSON.stringify(own));
    writeFileSync(
      join(top, 'package-lock.json'),
      JSON.stringify({ name: 'top', lockfileVersion: 3, packages }),
    );
    process.env['npm_config_registry'] = `http://${host}/`;
    process.env['npm_config_cache'] = join(folder, 'cache');
    process.env['npm_config_fetch_retry_mintimeout'] = '10';
  });

  it('come by the proxy, again where it broke, and without a network from the cache', async () => {
    proxy.breakAfter(size / 2);
    await expect(installPackages(top)).rejects.toThrow(gone);
    expect(readdirSync(top)).toEqual(['package-lock.json', 'package.json']);

    proxy.breakAfter(size / 2, 'open');
    await installPackages(top);
    expect(installed()).toBe(size);
    expect(new Set(proxy.hosts)).toEqual(new Set([host]));

    const { length } = proxy.hosts;
    proxy.mode = 'refuses';
    await installPackages(top);
    expect(installed()).toBe(size);
    expect(proxy.hosts).toHaveLength(length);
  });

  it('that are nowhere to be had are said to be so in one line', async () => {
    proxy.mode = 'refuses';
    await expect(installPackages(top)).rejects.toThrow(
      /^npm ci failed: 502 Bad Gateway - GET \S+; try again when there is a network, whose proxy HTTPS_PROXY names if there is one$/u,
    );
    expect(readdirSync(top)).toEqual(['package-lock.json', 'package.json']);
  });
});

describe("TensorFlow's wheel", () => {
  whenLong(it)(
    'comes by the proxy, again where it broke, and leaves nothing where the network is gone',
    async () => {
      const about = 'tensorflow_cpu-2.21.0.dist-info';
      const bytes = zipSync(
        {
          'tensorflow/library': randomBytes(size),
          [`${about}/METADATA`]: Buffer.from(
            'Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 2.21.0\n',
          ),
          [`${about}/WHEEL`]: Buffer.from(
            'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp312-cp312-any\n',
          ),
        },
        { level: 0 },
      );
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const wheel = { ...wheelFor('linux-x64'), sha256 };
      const name = wheelName(wheel);
      files.set(`/${name}`, Buffer.from(bytes));
      files.set(`/simple/${wheel.project}/`, Buffer.from(`<a href="/${name}#sha256=${sha256}">${name}</a>`));
      process.env['PIP_INDEX_URL'] = `http://${host}/simple`;
      process.env['PIP_TRUSTED_HOST'] = host;
      process.env['PIP_RETRIES'] = '1';
      const cache = join(folder, 'cache');

      proxy.breakAfter(size / 2);
      await expect(fetchWheel(python, cache, wheel)).rejects.toThrow(
        /^pip could not download tensorflow-cpu 2\.21\.0: [^\n]+; try again when there is a network[^\n]*$/u,
      );
      expect(readdirSync(cache)).toEqual([]);

      proxy.breakAfter(size / 2, 'open');
      await fetchWheel(python, cache, wheel);
      expect(readdirSync(cache)).toEqual([name]);
      expect(readFileSync(join(cache, name)).equals(bytes)).toBe(true);
      expect(new Set(proxy.hosts)).toEqual(new Set([host]));
    },
  );
});
