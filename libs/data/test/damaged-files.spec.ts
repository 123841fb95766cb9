import { createWriteStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { type Damage, damage, damaged } from '../../../tools/test/damage';
import { fuzz, type Fuzzing } from '../../../tools/test/fuzz';
import { tries } from '../../../tools/test/long';
import { loadFromSpec } from '../src/catalogue/load-published';
import type { Dataset } from '../src/dataset';
import { openParquet } from '../src/formats/parquet';
import { decodeImage } from '../src/images/decode-image';
import { readNumberRows } from '../src/labels/number-rows';
import { loadDataset } from '../src/load';
import { readPredictions } from '../src/predictions/read-predictions';
import { parsePredictions } from '../src/predictions/parse-predictions';
import type { Predictions } from '../src/predictions/predictions';
import { fixture } from './fixture';
import { newFolder, removeFolders } from './folders';
import { npy, npz } from './npz';
import {
  idxImages,
  idxLabels,
  smallCifarFiles,
  smallCifarSpec,
  smallIdxFiles,
  smallIdxSpec,
  tar,
  tarGz,
} from './small-sets';

jest.setTimeout(3_600_000);
afterAll(removeFolders);

const runs = tries(30, 4_000);
const tables = fixture<Record<'images' | 'numeric', Record<string, string>>>('tables.json');
const images = fixture<{ name: string; bytes: string }[]>('images.json');

const bytesOf = (base64: string) => Buffer.from(base64, 'base64');

/** What a dataset is, whatever was read: nothing in it contradicts anything else. */
async function checkDataset(dataset: Dataset): Promise<void> {
  const { size, classes, labels, parts, shape } = dataset;
  expect(labels).toHaveLength(size);
  expect(parts.train + parts.validation + parts.test).toBe(size);
  expect(Math.max(...labels)).toBeLessThan(classes);
  const inputs = await dataset.read(Int32Array.from({ length: size }, (_, i) => i));
  expect(inputs).toHaveLength(size * shape.reduce((product, side) => product * side, 1));
  expect(inputs.every((value) => Number.isFinite(value))).toBe(true);
  await dataset.close();
}

/** Damages one file of a folder, and loads what is then there. */
async function damagedFile(
  name: string,
  bytes: Uint8Array,
  others: Readonly<Record<string, Uint8Array>> = {},
  path = name,
  labelColumn = 'label',
): Promise<Fuzzing> {
  const folder = newFolder();
  const cacheDir = newFolder();
  for (const [other, content] of Object.entries(others)) writeFileSync(join(folder, other), content);
  writeFileSync(join(folder, name), bytes);
  await checkDataset(await loadDataset(join(folder, path), { cacheDir, labelColumn }));
  return fuzz({
    inputs: damage,
    runs,
    refusals: ['DataError'],
    read: async (edits: Damage) => {
      writeFileSync(join(folder, name), damaged(bytes, edits));
      return loadDataset(join(folder, path), { cacheDir, labelColumn });
    },
    check: checkDataset,
  });
}

const pixels = Uint8Array.from({ length: 6 * 4 }, (_, i) => 10 * i);
const arrays = {
  x_train: npy(pixels, [6, 2, 2]),
  y_train: npy(Uint8Array.of(0, 1, 0, 1, 0, 1), [6]),
  x_test: npy(pixels.subarray(0, 8).slice(), [2, 2, 2]),
  y_test: npy(Uint8Array.of(1, 0), [2]),
};
const csv = [
  'x,y,label',
  ...Array.from({ length: 12 }, (_, i) => `${i / 4},${-i},"${i % 2 ? 'b' : 'a'}"`),
  '',
].join('\n');

it.each([
  ['an .npz file', () => damagedFile('x.npz', npz(arrays))],
  ['an .npy file of inputs', () => damagedFile('x.npy', arrays.x_train, { 'y.npy': arrays.y_train }, '.')],
  ['an .npy file of labels', () => damagedFile('y.npy', arrays.y_train, { 'x.npy': arrays.x_train }, '.')],
  ['a CSV file', () => damagedFile('x.csv', Buffer.from(csv))],
  [
    'a Parquet file',
    () => damagedFile('x.parquet', bytesOf(tables.numeric['plain']!), {}, 'x.parquet', 'species'),
  ],
  [
    'an IDX file of images',
    () =>
      damagedFile(
        'train-images',
        idxImages(6, { rows: 3, columns: 3 }),
        { 'train-labels': idxLabels([0, 1, 0, 1, 0, 1]) },
        '.',
      ),
  ],
  [
    'an IDX file of labels, packed',
    () =>
      damagedFile(
        'train-labels-idx1-ubyte.gz',
        gzipSync(idxLabels([0, 1, 0, 1, 0, 1])),
        { 'train-images': idxImages(6, { rows: 3, columns: 3 }) },
        '.',
      ),
  ],
])('%s is read as data that can be, or refused in one line', async (_, read) => {
  expect((await read()).refused).toBeGreaterThan(0);
});

/** Damages a file that lies alone, and has a reader read it. */
function damagedAlone<T>(
  name: string,
  bytes: Uint8Array,
  read: (path: string) => Promise<T>,
  check?: (value: T) => void,
  times = runs,
): Promise<Fuzzing> {
  const path = join(newFolder(), name);
  return fuzz({
    inputs: damage,
    runs: times,
    refusals: ['DataError'],
    read: async (edits: Damage) => {
      writeFileSync(path, damaged(bytes, edits));
      return read(path);
    },
    ...(check ? { check } : {}),
  });
}

it.each(Object.entries(tables.images))(
  'the columns of a Parquet file packed by %s have as many rows as it says',
  async (_, file) => {
    const read = async (path: string) => {
      const { columns, rows, values } = await openParquet(path);
      return {
        rows,
        lengths: await Promise.all(columns.map(async ({ name }) => (await values(name, 0, rows)).length)),
      };
    };
    const check = ({ rows, lengths }: Awaited<ReturnType<typeof read>>) => {
      for (const length of lengths) expect(length).toBe(rows);
    };
    const { refused } = await damagedAlone('x.parquet', bytesOf(file), read, check, tries(25, 2_000));
    expect(refused).toBeGreaterThan(0);
  },
);

it('every kind of image has the pixels that its size says, or is refused in one line', async () => {
  for (const { bytes } of images) {
    await fuzz({
      inputs: damage,
      runs: tries(8, 500),
      refusals: ['ImageError'],
      read: (edits: Damage) =>
        decodeImage(sharp, damaged(bytesOf(bytes), edits), {
          imageSize: null,
          channels: null,
          maxPixels: 1e6,
        }),
      check: ({ height, width, channels, pixels: found }) => {
        expect(height * width).toBeLessThanOrEqual(1e6);
        expect(found).toHaveLength(height * width * channels);
      },
    });
  }
});

it('predictions have a row for each label, or are refused in one line, from files as from their bytes', async () => {
  const logits = npy(
    Float32Array.from({ length: 12 }, (_, i) => i / 3),
    [6, 2],
  );
  const check = ({ values, labels, classNames }: Predictions) => {
    expect(values).toHaveLength(labels.length * classNames.length);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.max(...labels)).toBeLessThan(classNames.length);
  };
  const files = { 'p.npz': npz({ logits, labels: arrays.y_train }), 'p.csv': Buffer.from(csv) };
  for (const [name, file] of Object.entries(files)) {
    const ofFile = await damagedAlone(name, file, (path) => readPredictions(path), check);
    const ofBytes = await damagedAlone(
      name,
      file,
      (path) => parsePredictions(name, readFileSync(path)),
      check,
    );
    expect(Math.min(ofFile.refused, ofBytes.refused)).toBeGreaterThan(0);
  }
});

it.each([
  ['rows.json', '[[0.25, 0.75], [1, 0], [0.5, 0.5]]'],
  ['rows.csv', 'a,b\n0.25,0.75\n1,0\n0.5,0.5\n'],
])('a table of numbers, %s, is whole or refused in one line', async (name, text) => {
  const { refused } = await damagedAlone(
    name,
    Buffer.from(text),
    readNumberRows,
    ({ rows, columns, values }) => {
      expect(values).toHaveLength(rows * columns);
      expect(values.every((value) => !Number.isNaN(value))).toBe(true);
    },
  );
  expect(refused).toBeGreaterThan(0);
});

it('published IDX files and CIFAR archives are data that can be, or refused in one line', async () => {
  const files = smallIdxFiles();
  const names = Object.keys(files);
  const folder = newFolder();
  const archive = await tarGz('cifar-10-batches-bin', smallCifarFiles());
  const plain = await tar('cifar-10-batches-bin', smallCifarFiles());
  const cifar = smallCifarSpec(archive);
  for (const name of names) {
    for (const [other, bytes] of Object.entries(files)) writeFileSync(join(folder, other), bytes);
    const read = () => loadFromSpec(smallIdxSpec(), { dataDir: folder });
    await fuzz({
      inputs: damage,
      runs: tries(8, 1_000),
      refusals: ['DataError'],
      read: (edits: Damage) => {
        writeFileSync(join(folder, name), damaged(files[name]!, edits));
        return read();
      },
      check: checkDataset,
    });
  }
  for (const bytes of [archive, plain]) {
    const own = newFolder();
    const { refused } = await fuzz({
      inputs: damage,
      runs: tries(8, 1_000),
      refusals: ['DataError'],
      read: (edits: Damage) => {
        writeFileSync(join(own, cifar.archive.name), damaged(bytes, edits));
        return loadFromSpec(cifar, { dataDir: own });
      },
      check: checkDataset,
    });
    expect(refused).toBeGreaterThan(0);
  }
});

it('a prepared file is taken only if nothing in it has changed', async () => {
  const folder = newFolder();
  const cacheDir = newFolder();
  writeFileSync(join(folder, 'x.npz'), npz(arrays));
  const load = () => loadDataset(join(folder, 'x.npz'), { cacheDir, memory: 8 });
  const first = await load();
  const digest = await first.digest();
  const inputs = await first.read(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  await first.close();
  const prepared = join(cacheDir, 'prepared', readdirSync(join(cacheDir, 'prepared'))[0]!);
  const whole = readFileSync(prepared);
  await fuzz({
    inputs: damage,
    runs: tries(10, 500),
    refusals: [],
    read: (edits: Damage) => {
      writeFileSync(prepared, damaged(whole, edits));
      return load();
    },
    check: async (dataset) => {
      expect(await dataset.digest()).toBe(digest);
      expect(await dataset.read(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7))).toEqual(inputs);
      await dataset.close();
    },
  });
  expect(readdirSync(join(cacheDir, 'prepared'))).toHaveLength(1);
});

interface Entry {
  readonly name: string;
  readonly type?: 'symlink' | 'link';
  readonly linkname?: string;
  readonly content?: Uint8Array;
}

describe('an archive', () => {
  const spec = smallCifarSpec(Buffer.alloc(0));
  const load = async (entries: readonly Entry[]): Promise<unknown> => {
    const folder = newFolder();
    const packed = pack();
    for (const { content, ...header } of entries) {
      if (content) packed.entry(header, Buffer.from(content));
      else packed.entry(header);
    }
    packed.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of packed) chunks.push(chunk as Buffer);
    writeFileSync(join(folder, spec.archive.name), Buffer.concat(chunks));
    const error: unknown = await loadFromSpec(spec, { dataDir: folder }).catch((reason: unknown) => reason);
    expect(readdirSync(folder)).toEqual([spec.archive.name]);
    return error;
  };

  it.each([
    ['an absolute path', { name: '/tmp/data_batch_1.bin', content: Buffer.alloc(1) }, 'leads out of it'],
    [
      'a path that leads out',
      { name: 'a/../../data_batch_1.bin', content: Buffer.alloc(1) },
      'leads out of it',
    ],
    ['a symbolic link', { name: 'data_batch_1.bin', type: 'symlink', linkname: '/etc/passwd' }, 'is a link'],
    ['a hard link', { name: 'data_batch_1.bin', type: 'link', linkname: '../x' }, 'is a link'],
  ] as const)('with %s is refused', async (_, entry, words) => {
    const error = await load([entry]);
    expect(error).toMatchObject({ name: 'DataError', message: expect.stringContaining(words) });
  });

  it('whose few bytes become too many is refused before they do', async () => {
    const folder = newFolder();
    const packed = pack();
    const size = 300e6;
    packed.entry({ name: 'data_batch_1.bin' }, Buffer.alloc(size));
    packed.finalize();
    const file = join(folder, spec.archive.name);
    await pipeline(packed, createGzip({ level: 1 }), createWriteStream(file));
    expect(statSync(file).size).toBeLessThan(3e6);
    const before = process.memoryUsage().arrayBuffers;
    await expect(loadFromSpec(spec, { dataDir: folder })).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringContaining(
        'says that data_batch_1.bin has 300000000 bytes, which it cannot hold',
      ),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8);
  });

  it.each([['../x_train.npy'], ['/tmp/x_train.npy']])(
    'of NumPy arrays with the name %s is refused',
    async (name) => {
      const file = join(newFolder(), 'x.npz');
      writeFileSync(file, zipSync({ [name]: arrays.x_train, 'y_train.npy': arrays.y_train }));
      await expect(loadDataset(file)).rejects.toMatchObject({ name: 'DataError' });
    },
  );
});

it('images of another size than the first take no memory, however many pixels they have', async () => {
  const folder = newFolder();
  const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  const large = await sharp({ create: { width: 2500, height: 2500, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  for (let i = 0; i < 40; i++)
    writeFileSync(join(folder, i % 2 ? 'b' : 'a', `${i}.png`), i === 0 ? small : large);
  const before = process.resourceUsage().maxRSS;
  await expect(loadDataset(folder, { cacheDir: newFolder() })).rejects.toThrow(
    'the images have different sizes',
  );
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(500);
});

it('what is no image is none, though it is called one', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>';
  const settings = { imageSize: null, channels: null, maxPixels: 100 };
  await expect(decodeImage(sharp, Buffer.from(svg), settings)).rejects.toThrow(
    'is not an image of a known format',
  );
});
