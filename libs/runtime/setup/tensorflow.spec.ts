import { createHash } from 'node:crypto';
import {
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
import { fakePython } from './test/fake-python';
import { choosePython } from './requirements.cjs';
import { fetchWheel, libraryIsReady, unpackLibrary, wheelFor, wheelName } from './tensorflow.cjs';

const choice = choosePython();
const python = 'python' in choice ? choice.python.file : 'python3';
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

  /** Writes `text` to where pip is told, or fails with it. */
  function pip(text: string, status = 0): string {
    const write = `printf '%s' '${text}' > "$2/${wheelName(wheel)}"`;
    return fakePython(folder, '--dest', status === 0 ? write : `echo '${text}' >&2; exit ${status}`);
  }

  it('is known for the platforms that have one', () => {
    expect(wheelFor('linux-x64').tested).toBe(true);
    expect(wheelFor('darwin-arm64').tested).toBe(false);
    expect(wheelName(wheelFor('linux-x64', 'gpu'))).toMatch(
      /^tensorflow-2\.21\.0-.+-manylinux_2_27_x86_64\.whl$/,
    );
    expect(() => wheelFor('win32-x64')).toThrow(/not available for win32-x64: use Linux x64/);
  });

  it('is kept once it is fetched', async () => {
    const file = await fetchWheel(pip(bytes), cache, wheel);
    expect(readFileSync(file, 'utf8')).toBe(bytes);
    expect(await fetchWheel(pip('no network', 1), cache, wheel)).toBe(file);
  });

  it('is fetched anew where a set-up was killed half-way, of which nothing stays', async () => {
    const left = join(cache, 'download-4194305');
    mkdirSync(left);
    writeFileSync(join(left, wheelName(wheel)), bytes.slice(0, 3));
    expect(readFileSync(await fetchWheel(pip(bytes), cache, wheel), 'utf8')).toBe(bytes);
    expect(readdirSync(cache)).toEqual([wheelName(wheel)]);
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
    const library = join(folder, 'place', 'deps');
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'left over'), '');
    expect(libraryIsReady(library, wheel)).toBe(false);
    await unpackLibrary(python, file, library, wheel);
    expect(libraryIsReady(library, wheel)).toBe(true);
    expect(readdirSync(join(library, 'lib')).sort()).toEqual([
      'libtensorflow.so',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ]);
    expect(readFileSync(join(library, 'lib', 'libtensorflow.so'), 'utf8')).toBe('libtensorflow_cc.so.2');
    for (const header of headers) expect(existsSync(join(library, header))).toBe(true);
    expect(readdirSync(join(library, 'include/tensorflow'))).toEqual(['c']);
    expect(readdirSync(join(folder, 'place'))).toEqual(['deps']);
  });

  it('that is no zip file is named, and nothing stays', async () => {
    const file = join(folder, 'bad.whl');
    writeFileSync(file, bytes);
    mkdirSync(join(folder, 'place'));
    const library = join(folder, 'place', 'deps');
    await expect(unpackLibrary(python, file, library, wheel)).rejects.toThrow(/bad\.whl/);
    expect(readdirSync(join(folder, 'place'))).toEqual([]);
  });
});
