import { gzipSync } from 'node:zlib';
import { folderWith, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';
import { idxImages, idxLabels } from '../../test/small-sets';

afterEach(removeFolders);

const size = { rows: 3, columns: 4 };

/** QMNIST's labels: eight numbers of 32 bits each, of which the first is the class. */
function longLabels(labels: readonly number[]): Buffer {
  const bytes = Buffer.alloc(12 + 32 * labels.length);
  [0x0c02, labels.length, 8].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  labels.forEach((label, i) => bytes.writeInt32BE(label, 12 + 32 * i));
  return bytes;
}

describe('a folder of IDX files', () => {
  it('is read under any names, plain or gzip', async () => {
    const folder = folderWith({
      'qmnist-train-images-idx3-ubyte.gz': gzipSync(idxImages(4, size)),
      'qmnist-train-labels-idx2-int': longLabels([300, 2, 2, 300]),
      'qmnist-test-images-idx3-ubyte': idxImages(2, { ...size, first: 100 }),
      'qmnist-test-labels-idx2-int.gz': gzipSync(longLabels([2, 300])),
    });
    const { dataset } = await load(folder);
    expect(dataset).toMatchObject({
      shape: [3, 4, 1],
      dtype: 'uint8',
      scale: 1 / 255,
      classNames: ['2', '300'],
    });
    expect(dataset.parts).toEqual({ train: 4, validation: 0, test: 2 });
    expect([...dataset.labels]).toEqual([1, 0, 0, 1, 0, 1]);
    const counting = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
    expect(await inputsOf(dataset)).toEqual([...counting(0, 48), ...counting(100, 24)]);
  });

  it('is told by its content where the names say nothing, and needs no test part', async () => {
    const folder = folderWith({
      pictures: idxImages(4, size),
      classes: idxLabels([0, 1, 0, 1]),
      notes: 'text',
    });
    expect((await load(folder)).dataset.parts).toEqual({ train: 4, validation: 0, test: 0 });
  });

  it('has the digest of its contents, as any other kind of file with the same', async () => {
    const [images, labels] = [idxImages(4, size), idxLabels([0, 1, 0, 1])];
    const plain = await load(folderWith({ images, labels }));
    const other = await load(folderWith({ 'x-idx3.gz': gzipSync(images), 'y-idx1.gz': gzipSync(labels) }));
    expect(await plain.dataset.digest()).toBe(await other.dataset.digest());
  });

  it.each([
    [{ 'train-labels-idx1-ubyte': idxLabels([0, 1, 0]) }, /holds 4 images and .* holds 3 labels/u],
    [{ 'train-labels-idx1-ubyte': idxLabels([0, 1, 0, 1]).subarray(0, 9) }, /labels-idx1-ubyte: is cut off/u],
    [
      { 'train-more-idx3-ubyte': idxImages(4, size) },
      /the train part has 2 IDX files of images and 1 of labels/u,
    ],
    [
      { 'train-labels-idx1-ubyte': 'no labels' },
      /train-labels-idx1-ubyte: is not an IDX file: it begins with 6e6f206c/u,
    ],
  ])('is refused in one line: %#', async (change, message) => {
    const files = {
      'train-images-idx3-ubyte': idxImages(4, size),
      'train-labels-idx1-ubyte': idxLabels([0, 1, 0, 1]),
    };
    expect(await failure(folderWith({ ...files, ...change }))).toMatch(message);
  });
});
