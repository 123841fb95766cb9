import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { folderWith, removeFolders } from '../../test/folders';
import { cifarRows, smallCifarFiles, smallCifarSpec, tar, tarGz } from '../../test/small-sets';
import { DataError } from '../errors';
import type { CifarSpec } from './catalogue';
import { specOf } from './catalogue';
import { readCifarArchive, readCifarBatches } from './cifar-set';

afterEach(removeFolders);

const files = smallCifarFiles();
const strict = { strict: true } as const;
const quiet = { strict: false, warn: () => undefined } as const;

function save(bytes: Uint8Array): string {
  return join(folderWith({ 'archive.tar.gz': bytes }), 'archive.tar.gz');
}

function expectSmallSet({
  images,
  labels,
  trainSize,
}: {
  images: Uint8Array;
  labels: Uint8Array;
  trainSize: number;
}) {
  expect([...labels]).toEqual([1, 6, 2, 3, 4, 5, 9]);
  expect(trainSize).toBe(6);
  expect(images).toHaveLength(7 * 3072);
  // The second row of the first batch holds 1, 51 and 101 in its planes, all others 0, 50 and 100.
  const expected = (i: number) => [0, 50, 100][i % 3]! + (Math.floor(i / 3072) === 1 ? 1 : 0);
  expect(images.every((pixel, i) => pixel === expected(i))).toBe(true);
}

describe('readCifarArchive', () => {
  it('stacks the batches in their order, whatever theirs in the archive', async () => {
    const archive = await tarGz('cifar-10-batches-bin', Object.fromEntries(Object.entries(files).reverse()));
    expectSmallSet(await readCifarArchive(smallCifarSpec(archive), save(archive), strict));
  });

  it('reads an archive without gzip, and passes over other files', async () => {
    const archive = await tar('anywhere/below', { 'readme.html': Buffer.alloc(2_000), ...files });
    expectSmallSet(await readCifarArchive(smallCifarSpec(archive), save(archive), strict));
  });

  it("takes CIFAR-100's second label", async () => {
    const spec = specOf('cifar100') as CifarSpec;
    const archive = await tarGz(spec.folder, {
      'train.bin': cifarRows([
        [200, 99],
        [1, 0],
      ]),
      'test.bin': cifarRows([[3, 42]]),
    });
    const { labels, trainSize, images } = await readCifarArchive(spec, save(archive), quiet);
    expect([...labels]).toEqual([99, 0, 42]);
    expect(trainSize).toBe(2);
    expect([...images.subarray(3072, 3078)]).toEqual([1, 51, 101, 1, 51, 101]);
  });

  it('keeps where in the image a pixel is', async () => {
    const row = Buffer.concat([
      Buffer.of(7),
      Buffer.from(Array.from({ length: 3072 }, (_, i) => (i * 11) % 256)),
    ]);
    const archive = await tar('batches', { ...files, 'test_batch.bin': row });
    const { images } = await readCifarArchive(smallCifarSpec(archive), save(archive), strict);
    const last = images.subarray(6 * 3072);
    const at = (y: number, x: number, channel: number) => last[(y * 32 + x) * 3 + channel];
    const source = (y: number, x: number, channel: number) => row[1 + channel * 1024 + y * 32 + x];
    expect(at(0, 1, 0)).toBe(source(0, 1, 0));
    expect(at(5, 17, 1)).toBe(source(5, 17, 1));
    expect(at(31, 30, 2)).toBe(source(31, 30, 2));
  });

  it('warns of bytes that are not the published ones, or refuses them', async () => {
    const path = save(await tarGz('cifar-10-batches-bin', files));
    const spec = specOf('cifar10') as CifarSpec;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    expectSmallSet(await readCifarArchive(spec, path, { strict: false, warn }));
    expect(warnings).toEqual([
      expect.stringContaining(
        "is not CIFAR-10's binary archive as published: its MD5 should be c32a1d4ab5d03f12",
      ),
    ]);
    await expect(readCifarArchive(spec, path, strict)).rejects.toThrow(DataError);
  });

  it('refuses an archive that lacks batches', async () => {
    const archive = await tarGz('x', {
      'data_batch_1.bin': files['data_batch_1.bin']!,
      'test_batch.bin': Buffer.of(),
    });
    const path = save(archive);
    await expect(readCifarArchive(smallCifarSpec(archive), path, strict)).rejects.toThrow(
      new DataError(
        `${path}: lacks data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin of CIFAR-10's binary ` +
          'version; get cifar-10-binary.tar.gz again.',
      ),
    );
  });

  it('refuses what is no archive, or a damaged or cut off one', async () => {
    const plain = await tar('x', files);
    const zipped = gzipSync(plain);
    const spec = smallCifarSpec(zipped);
    for (const bytes of [Buffer.alloc(2_000, 'text'), plain.subarray(0, 9_000)]) {
      const path = save(bytes);
      await expect(readCifarArchive(spec, path, quiet)).rejects.toThrow(
        `${path}: the tar archive is damaged or cut off`,
      );
    }
    const damaged = Buffer.from(zipped);
    damaged[zipped.length - 6]! ^= 1;
    for (const bytes of [zipped.subarray(0, -20), damaged, Buffer.concat([zipped, Buffer.from('more')])]) {
      const path = save(bytes);
      await expect(readCifarArchive(spec, path, quiet)).rejects.toThrow(
        `${path}: the gzip data is damaged or cut off`,
      );
    }
  });

  it('refuses a file whose size in the archive cannot be', async () => {
    const archive = await tar('x', files);
    const size = archive.indexOf('00000014002 ', 0, 'latin1');
    expect(size).toBeGreaterThan(0);
    const path = save(withSize(archive, size, '77777777777'));
    await expect(readCifarArchive(smallCifarSpec(archive), path, quiet)).rejects.toThrow(
      'it says that data_batch_1.bin has 8589934591 bytes, which it cannot hold',
    );
  });

  it('stops when asked to', async () => {
    const archive = await tarGz('x', files);
    const signal = AbortSignal.abort();
    await expect(readCifarArchive(smallCifarSpec(archive), save(archive), strict, signal)).rejects.toThrow(
      'aborted',
    );
  });
});

/** An archive with another size, and the checksum that goes with it, in the header whose size is at `place`. */
function withSize(archive: Buffer, place: number, size: string): Buffer {
  const changed = Buffer.from(archive);
  changed.write(size, place, 'latin1');
  const header = changed.subarray(place - 124, place - 124 + 512);
  header.fill(' ', 148, 156);
  const sum = header.reduce((a, b) => a + b);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return changed;
}

describe('readCifarBatches', () => {
  function batches(changes: Readonly<Record<string, Uint8Array>> = {}) {
    const all = { ...files, ...changes };
    const folder = folderWith(all);
    const paths = Object.keys(all).map((name) => join(folder, name));
    return { train: paths.slice(0, -1), test: paths.at(-1)! };
  }
  const spec = specOf('cifar10') as CifarSpec;

  it('reads batch files, plain or gzip', async () => {
    const { train, test } = batches({ 'data_batch_2.bin': gzipSync(files['data_batch_2.bin']!) });
    expectSmallSet(await readCifarBatches(spec, train, test, quiet));
  });

  it('warns of each file that has not as many rows as published', async () => {
    const { train, test } = batches();
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    await readCifarBatches({ ...spec, trainRows: 1 }, train, test, { strict: false, warn });
    expect(warnings).toEqual([
      `${train[0]}: is not as published: it should have 1 rows and has 2; it is used all the same.`,
      `${test}: is not as published: it should have 10000 rows and has 1; it is used all the same.`,
    ]);
  });

  it('refuses a file that is cut off or empty', async () => {
    const { train, test } = batches({ 'data_batch_3.bin': files['data_batch_3.bin']!.subarray(0, 3_000) });
    await expect(readCifarBatches(spec, train, test, quiet)).rejects.toThrow(
      new DataError(
        `${train[2]}: should hold rows of 3073 bytes (CIFAR-10) and has 3000 bytes, which leaves 3000 over; ` +
          'it is cut off or not of this dataset: get it again.',
      ),
    );
    const empty = batches({ 'test_batch.bin': Buffer.alloc(0) });
    await expect(readCifarBatches(spec, empty.train, empty.test, quiet)).rejects.toThrow('has 0 bytes');
  });

  it('refuses a label that is no class, and names the row', async () => {
    const { train, test } = batches({ 'data_batch_4.bin': cifarRows([[4], [10]]) });
    await expect(readCifarBatches(spec, train, test, quiet)).rejects.toThrow(
      `${train[3]}: label 10 in row 1, but CIFAR-10's labels are 0 to 9`,
    );
  });
});
