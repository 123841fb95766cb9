import { join } from 'node:path';
import { folderWith, removeFolders } from '../../test/folders';
import { npy, npz } from '../../test/npz';
import { readPredictions } from './read-predictions';

afterEach(removeFolders);

const rows = Float32Array.of(1, 2, 3, 4, 5, 7);
const fileWith = (name: string, content: Uint8Array | string) => join(folderWith({ [name]: content }), name);
const labels = npy(Uint8Array.of(2, 0), [2]);

describe('readPredictions', () => {
  it.each([['logits'], ['probabilities'], ['x']])('reads the arrays %s and labels of .npz', async (name) => {
    const read = await readPredictions(fileWith('p.npz', npz({ [name]: npy(rows, [2, 3]), labels })));
    const kind = name === 'x' ? null : name;
    expect(read).toEqual({ values: rows, kind, labels: Uint8Array.of(2, 0), classNames: ['0', '1', '2'] });
  });

  it('reads any number of them', async () => {
    const size = 300_000;
    const arrays = {
      x: npy(new Float32Array(2 * size).fill(0.5), [size, 2]),
      y: npy(
        Uint8Array.from({ length: size }, (_, i) => i % 2),
        [size],
      ),
    };
    const { labels: read } = await readPredictions(fileWith('p.npz', npz(arrays)));
    expect([read.length, read[size - 1]]).toEqual([size, 1]);
  });

  it('reads CSV, whose labels are numbers of columns or texts in their order', async () => {
    const numbers = await readPredictions(fileWith('p.csv', 'a,b,c,label\n1,2,3,2\n4,5,7,0\n'));
    expect(numbers).toMatchObject({ values: rows, kind: null, labels: Uint8Array.of(2, 0) });
    const texts = fileWith('p.csv', 'truth,a,b\ndog,1,2\ncat,3,4\n');
    expect(await readPredictions(texts, { labelColumn: 'truth' })).toMatchObject({
      values: Float32Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(1, 0),
      classNames: ['cat', 'dog'],
    });
  });

  it.each([
    ['no predictions', { labels }, 'has the arrays labels: one of logits, probabilities, x is needed'],
    ['no labels', { x: npy(rows, [2, 3]) }, 'has the arrays x: one of labels, y is needed'],
    ['a vector', { x: npy(rows, [6]), labels }, 'has the shape (6): predictions are [n, classes]'],
    ['too few labels', { x: npy(rows, [3, 2]), labels }, 'has 2 labels for 3 rows of x'],
    [
      'a label that is no class',
      { x: npy(rows.slice(0, 4), [2, 2]), labels },
      'the label 2 at position 0 is no class',
    ],
    [
      'NaN',
      { x: npy(Float32Array.of(1, 2, 3, NaN, 5, 6), [2, 3]), labels },
      'has NaN in row 1, column 0: predictions are finite numbers',
    ],
  ])('refuses %s', async (_, arrays, message) => {
    const path = fileWith('p.npz', npz(arrays as unknown as Record<string, Buffer>));
    await expect(readPredictions(path)).rejects.toThrow(message);
  });

  it('refuses other files, and names of too few classes', async () => {
    await expect(readPredictions(fileWith('p.txt', ''))).rejects.toThrow('is of no known kind');
    const few = fileWith('p.csv', 'a,b,c,label\n1,2,3,dog\n4,5,6,cat\n');
    await expect(readPredictions(few)).rejects.toThrow('names 2 classes, and predictions have 3 columns');
  });
});
