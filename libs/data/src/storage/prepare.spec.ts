import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixture } from '../../test/fixture';
import { folderWith, newFolder, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';

afterEach(removeFolders);

const pillow = fixture<{ name: string; bytes: string }[]>('images.json');
const sets = fixture<{ sets: Record<string, string> }>('arrays.json').sets;

function photos(): string {
  const names = ['rgb.png', 'rgb.jpg', 'lossless.webp', 'rgb.bmp', 'cmyk.jpg', 'progressive.jpeg'];
  const file = (name: string) => Buffer.from(pillow.find((image) => image.name === name)!.bytes, 'base64');
  return folderWith(Object.fromEntries(names.map((name, i) => [`${i % 2}/${name}`, file(name)])));
}

function npz(name: string): string {
  return join(folderWith({ 'x.npz': Buffer.from(sets[name]!, 'base64') }), 'x.npz');
}

function preparedIn(cacheDir: string): string {
  const [name] = readdirSync(join(cacheDir, 'prepared'));
  return join(cacheDir, 'prepared', name!);
}

describe('inputs that are larger than the memory for them', () => {
  it.each([
    ['images', photos, 359],
    ['bytes', () => npz('keras'), 119],
    ['floats', () => npz('features'), 479],
    ['floats with soft labels', () => npz('soft'), 0],
  ])('are read from a file when they are needed: %s', async (_, make, memory) => {
    const path = make();
    const cacheDir = newFolder();
    const held = (await load(path, { cacheDir })).dataset;
    for (let time = 0; time < 2; time++) {
      const { dataset, stages } = await load(path, { cacheDir, memory });
      expect(stages).toEqual([]);
      expect(dataset.inputs).toBeNull();
      expect({ ...dataset, digest: '', inputs: null, read: '', close: '' }).toEqual({
        ...{ ...held, digest: '', inputs: null, read: '', close: '' },
      });
      expect(await dataset.digest()).toBe(await held.digest());
      const some = Int32Array.of(3, 1, 2, 3, 3, 4, 5, 0);
      expect(await dataset.read(some)).toEqual(await held.read(some));
      expect(await inputsOf(dataset)).toEqual(await inputsOf(held));
      await dataset.close();
    }
  });

  it('are checked as all others, and nothing half-written stays behind', async () => {
    const cacheDir = newFolder();
    for (const name of ['nan', 'one_class', 'short']) await failure(npz(name), { cacheDir, memory: 0 });
    expect(readdirSync(join(cacheDir, 'prepared'))).toEqual([]);
  });
});

describe('a prepared file', () => {
  it('that is damaged anywhere is noticed and made again', async () => {
    const folder = photos();
    const cacheDir = newFolder();
    const { dataset } = await load(folder, { cacheDir });
    const path = preparedIn(cacheDir);
    const whole = readFileSync(path);
    for (const at of [20, 16 + 6 * 360 + 2, whole.length - 100, whole.length - 3]) {
      for (const memory of [1e6, 0]) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= 4;
        writeFileSync(path, damaged);
        const again = await load(folder, { cacheDir, memory });
        expect(again.stages).not.toEqual([]);
        expect(await inputsOf(again.dataset)).toEqual(await inputsOf(dataset));
        await again.dataset.close();
        expect(readFileSync(path)).toEqual(whole);
      }
    }
    truncateSync(path, whole.length - 50);
    expect((await load(folder, { cacheDir })).warnings).toEqual([`${path}: is damaged; it is made again.`]);
  }, 60_000);

  it('of a process that was killed half-way is no obstacle', async () => {
    const folder = photos();
    const cacheDir = newFolder();
    await load(folder, { cacheDir });
    const path = preparedIn(cacheDir);
    const whole = readFileSync(path);
    const host = hostname().replace(/[^\w]/gu, '_');
    const left = `${path}.${host}-4194305-00000000.part`;
    mkdirSync(left);
    writeFileSync(join(left, 'body'), whole.subarray(0, 500));
    truncateSync(path, 10);
    await load(folder, { cacheDir });
    expect(readFileSync(path)).toEqual(whole);
    expect(existsSync(left)).toBe(false);
  }, 60_000);

  it('is made once by processes that need it at the same time', async () => {
    const folder = photos();
    const cacheDir = newFolder();
    const child = join(__dirname, '../../test/load-child.ts');
    const hook = join(__dirname, '../../../../tools/setup/typescript.cjs');
    const run = () => promisify(execFile)(process.execPath, ['-r', hook, child, folder, cacheDir]);
    const outputs = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout.trim().split(' '));
    expect(new Set(outputs.map(([digest]) => digest)).size).toBe(1);
    expect(outputs.filter(([, decoded]) => decoded === 'decoded')).toHaveLength(1);
    expect(readdirSync(join(cacheDir, 'prepared'))).toHaveLength(1);
  }, 60_000);

  it('that cannot be written is said in one line', async () => {
    const cacheDir = join(folderWith({ file: '' }), 'file');
    expect(await failure(photos(), { cacheDir }, cacheDir)).toMatch(
      /^\.\/prepared\/\w+\.bin: prepared data cannot be kept there \(.*\); give another folder \(LABEL_RELAXATION_CACHE\)\.$/u,
    );
  });
});
