import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutPaths } from './paths.cjs';
import { fetchWheel, libraryIsReady, unpackLibrary, wheelFor, wheelName } from './tensorflow.cjs';

const bytes = 'the wheel';
const wheel = { ...wheelFor('linux-x64'), sha256: createHash('sha256').update(bytes).digest('hex') };

describe('the TensorFlow wheel', () => {
  let folder: string;
  let cache: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'label-relaxation-wheel-'));
    cache = join(folder, 'cache');
    mkdirSync(cache);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program in Python's place, to which pip's --dest is known: it writes `text` there, or fails with it. */
  function pip(text: string, status = 0): string {
    const file = join(folder, 'python');
    const name = wheelName(wheel);
    const write =
      status === 0 ? `printf '%s' '${text}' > "$2/${name}"` : `echo '${text}' >&2; exit ${status}`;
    writeFileSync(file, `#!/bin/sh\nwhile [ "$1" != --dest ]; do shift; done\n${write}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('is known for the platforms that have one', () => {
    expect(wheelFor('linux-x64').tested).toBe(true);
    expect(wheelFor('darwin-arm64').tested).toBe(false);
    expect(() => wheelFor('win32-x64')).toThrow(/not available for win32-x64: use Linux x64/);
  });

  it('is kept once it is fetched', async () => {
    const file = await fetchWheel(pip(bytes), cache, wheel);
    expect(readFileSync(file, 'utf8')).toBe(bytes);
    expect(await fetchWheel(pip('no network', 1), cache, wheel)).toBe(file);
  });

  it('is fetched again if the kept one is damaged', async () => {
    writeFileSync(join(cache, wheelName(wheel)), 'half of i');
    expect(readFileSync(await fetchWheel(pip(bytes), cache, wheel), 'utf8')).toBe(bytes);
  });

  it('is refused if it is not the published one, and nothing stays', async () => {
    await expect(fetchWheel(pip('another'), cache, wheel)).rejects.toThrow(/its SHA-256 differs/);
    await expect(fetchWheel(pip('no network', 1), cache, wheel)).rejects.toThrow(
      /could not download[\s\S]*no network/,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  it('gives its library, the headers and the names to link with, and leaves the rest', async () => {
    const { python } = checkoutPaths();
    const source = join(folder, 'source', 'tensorflow');
    const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
    const headers = ['include/tensorflow/c/c_api.h', 'include/unsupported/Eigen/CXX11/Tensor'];
    const others = ['include/tensorflow/compiler/graph.h', 'python/lib.so'];
    for (const name of [...libraries, ...headers, ...others]) {
      mkdirSync(join(source, name, '..'), { recursive: true });
      writeFileSync(join(source, name), name);
    }
    const file = join(folder, 'small.whl');
    spawnSync(python, ['-m', 'zipfile', '-c', file, 'tensorflow'], { cwd: join(folder, 'source') });
    const tfjs = join(folder, 'tfjs');
    mkdirSync(join(tfjs, 'deps'), { recursive: true });
    writeFileSync(join(tfjs, 'deps', 'left over'), '');
    expect(libraryIsReady(tfjs, wheel)).toBe(false);
    await unpackLibrary(python, file, tfjs, wheel);
    expect(libraryIsReady(tfjs, wheel)).toBe(true);
    expect(readdirSync(join(tfjs, 'deps', 'lib')).sort()).toEqual([
      'libtensorflow.so',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ]);
    expect(readFileSync(join(tfjs, 'deps', 'lib', 'libtensorflow.so'), 'utf8')).toBe('libtensorflow_cc.so.2');
    for (const header of headers) expect(existsSync(join(tfjs, 'deps', header))).toBe(true);
    expect(readdirSync(join(tfjs, 'deps', 'include/tensorflow'))).toEqual(['c']);
    expect(readdirSync(tfjs)).toEqual(['deps']);
  });

  it('that is no zip file is named, and nothing stays', async () => {
    const file = join(folder, 'bad.whl');
    writeFileSync(file, bytes);
    mkdirSync(join(folder, 'tfjs'));
    await expect(unpackLibrary(checkoutPaths().python, file, join(folder, 'tfjs'), wheel)).rejects.toThrow(
      /bad\.whl/,
    );
    expect(readdirSync(join(folder, 'tfjs'))).toEqual([]);
  });
});
