import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { folderWith, removeFolders } from '../../test/folders';
import { idxImages, idxLabels, smallIdxFiles, smallIdxSpec } from '../../test/small-sets';
import { DataError } from '../errors';
import type { IdxPaths } from './idx-set';
import { readIdxSet } from './idx-set';

afterEach(removeFolders);

const files = smallIdxFiles();
const spec = smallIdxSpec();

function read(changes: Readonly<Record<string, Uint8Array>> = {}) {
  const warnings: string[] = [];
  const folder = folderWith({ ...files, ...changes });
  const paths: IdxPaths = {
    trainImages: join(folder, 'train-images-idx3-ubyte'),
    trainLabels: join(folder, 'train-labels-idx1-ubyte'),
    testImages: join(folder, 't10k-images-idx3-ubyte'),
    testLabels: join(folder, 't10k-labels-idx1-ubyte'),
  };
  const data = readIdxSet(spec, paths, { strict: false, warn: (message) => warnings.push(message) });
  return { data, warnings, paths };
}

async function errorOf(changes: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const { data, paths } = read(changes);
  const error: unknown = await data.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  const folder = paths.trainImages.replace('train-images-idx3-ubyte', '');
  return (error as Error).message.replaceAll(folder, '');
}

describe('readIdxSet', () => {
  it('stacks train and test part', async () => {
    const { data, warnings } = read();
    const { images, labels, trainSize } = await data;
    expect([...labels]).toEqual([3, 1, 4, 1, 5, 9, 2]);
    expect(trainSize).toBe(5);
    expect(images).toHaveLength(7 * 784);
    expect(images.every((pixel, i) => pixel === (i < 5 * 784 ? i % 256 : (100 + i - 5 * 784) % 256))).toBe(
      true,
    );
    expect(warnings).toEqual([]);
  });

  it('tells gzip by its content, not by the name', async () => {
    const zipped = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, gzipSync(bytes)]));
    const { data, warnings } = read(zipped);
    expect(await data).toEqual(await read().data);
    expect(warnings).toEqual([]);
  });

  it('reads more than one chunk of a file', async () => {
    const count = 2_000;
    const images = idxImages(count);
    const labels = idxLabels(Array.from({ length: count }, (_, i) => i % 10));
    const { data } = read({ 'train-images-idx3-ubyte': gzipSync(images), 'train-labels-idx1-ubyte': labels });
    const stacked = await data;
    expect(Buffer.compare(stacked.images.subarray(0, count * 784), images.subarray(16))).toBe(0);
  });

  it('warns of bytes that are not the published ones', async () => {
    const { data, warnings, paths } = read({ 't10k-labels-idx1-ubyte': idxLabels([9, 3]) });
    expect((await data).labels[6]).toBe(3);
    expect(warnings).toEqual([
      expect.stringMatching(
        `^${paths.testLabels}: is not MNIST's test labels as published: its MD5 should be \\w{32} and is \\w{32}; ` +
          'it is used all the same.$',
      ),
    ]);
  });
});

describe('readIdxSet refuses', () => {
  it('a file of labels in the place of images', async () => {
    expect(await errorOf({ 'train-images-idx3-ubyte': idxLabels([1, 2, 3, 4, 5, 6, 7, 8]) })).toBe(
      'train-images-idx3-ubyte: is not an IDX file of images: it should begin with the bytes 00000803 and begins ' +
        'with 00000801 (an IDX file of labels); check that the right file has this name.',
    );
  });

  it('a file that is no IDX file', async () => {
    expect(await errorOf({ 't10k-labels-idx1-ubyte': Buffer.from('no IDX file at all') })).toBe(
      't10k-labels-idx1-ubyte: is not an IDX file of labels: it should begin with the bytes 00000801 and begins ' +
        'with 6e6f2049; check that the right file has this name.',
    );
  });

  it('an empty file and one that ends in its header', async () => {
    expect(await errorOf({ 'train-labels-idx1-ubyte': Buffer.alloc(0) })).toBe(
      'train-labels-idx1-ubyte: is cut off: an IDX file of labels has a header of 8 bytes, this one ends after 0; ' +
        'get the file again.',
    );
    expect(await errorOf({ 'train-images-idx3-ubyte': idxImages(5).subarray(0, 10) })).toContain(
      'ends after 10',
    );
  });

  it('a file that is cut off, plain', async () => {
    expect(await errorOf({ 'train-images-idx3-ubyte': idxImages(5).subarray(0, -1) })).toBe(
      'train-images-idx3-ubyte: is cut off: its header says 5 images, which makes 3936 bytes, and it has 3935; ' +
        'get the file again.',
    );
  });

  it('a file that is cut off within its gzip', async () => {
    expect(await errorOf({ 'train-images-idx3-ubyte': gzipSync(idxImages(5).subarray(0, -1)) })).toBe(
      'train-images-idx3-ubyte: is cut off: its header says 5 images, which makes 3936 bytes, and it has 3935 when ' +
        'decompressed; get the file again.',
    );
  });

  it('gzip that is cut off, damaged or followed by something else', async () => {
    const zipped = gzipSync(idxImages(5));
    const damaged = Buffer.from(zipped);
    damaged[zipped.length - 6]! ^= 1;
    for (const bytes of [zipped.subarray(0, -9), damaged, Buffer.concat([zipped, Buffer.from('more')])]) {
      expect(await errorOf({ 'train-images-idx3-ubyte': bytes })).toMatch(
        /^train-images-idx3-ubyte: the gzip data is damaged or cut off \(.+\); get the file again\.$/,
      );
    }
  });

  it('a header that promises more than any file of this size can hold, without reserving memory for it', async () => {
    const huge = idxImages(1);
    huge.writeUInt32BE(0xffffffff, 4);
    expect(await errorOf({ 'train-images-idx3-ubyte': huge })).toContain('its header says 4294967295 images');
    expect(await errorOf({ 'train-images-idx3-ubyte': gzipSync(huge) })).toMatch(
      /it has at most \d+ when decomp/,
    );
  });

  it('bytes after the end', async () => {
    const longer = Buffer.concat([idxLabels([3, 1, 4, 1, 5]), Buffer.alloc(3)]);
    expect(await errorOf({ 'train-labels-idx1-ubyte': longer })).toBe(
      'train-labels-idx1-ubyte: has 3 bytes too many: its header says 5 labels, which makes 13 bytes; ' +
        'get the file again.',
    );
    expect(await errorOf({ 'train-labels-idx1-ubyte': gzipSync(longer) })).toContain(
      '13 bytes when decompressed',
    );
  });

  it('images of another size', async () => {
    expect(await errorOf({ 'train-images-idx3-ubyte': idxImages(5, { rows: 32, columns: 30 }) })).toBe(
      'train-images-idx3-ubyte: should hold images of 28 x 28 pixels, its header says 32 x 30; ' +
        'check that the file belongs to this dataset.',
    );
  });

  it('a file without examples', async () => {
    expect(await errorOf({ 't10k-images-idx3-ubyte': idxImages(0) })).toBe(
      't10k-images-idx3-ubyte: holds no images; get the file again.',
    );
  });

  it('a label that is no class', async () => {
    expect(await errorOf({ 'train-labels-idx1-ubyte': idxLabels([3, 1, 10, 1, 5]) })).toBe(
      "train-labels-idx1-ubyte: label 10 at position 2, but MNIST's labels are 0 to 9; get the file again.",
    );
    expect(await errorOf({ 't10k-labels-idx1-ubyte': idxLabels([0, 255]) })).toContain(
      'label 255 at position 1',
    );
  });

  it('other numbers of images and labels', async () => {
    expect(await errorOf({ 't10k-labels-idx1-ubyte': idxLabels([9, 2, 1]) })).toBe(
      't10k-images-idx3-ubyte holds 2 images and t10k-labels-idx1-ubyte holds 3 labels, which should be as many; ' +
        'check that the two belong together.',
    );
  });

  it('a file that is not there', async () => {
    const { data, paths } = read();
    await data;
    removeFolders();
    await expect(readIdxSet(spec, paths, { strict: true })).rejects.toThrow(
      new DataError(`${paths.trainImages}: there is no such file; check the path or get the file again.`),
    );
  });
});
