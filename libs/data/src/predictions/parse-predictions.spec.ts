import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { folderWith, removeFolders } from '../../test/folders';
import { npy, npz } from '../../test/npz';
import { DataError } from '../errors';
import { FloatText } from '../formats/float-text';
import { parsePredictions } from './parse-predictions';
import { readPredictions } from './read-predictions';

afterEach(removeFolders);

const bytesOf = (text: string) => new TextEncoder().encode(text);
const rows = Float32Array.of(1, 2, 3, 4, 5, 7);
const labels = npy(Uint8Array.of(2, 0), [2]);

/** What a file holds when it is read from the disk, and by its bytes. */
async function bothOf(name: string, content: Uint8Array | string) {
  const path = join(folderWith({ [name]: content }), name);
  const bytes = new Uint8Array(readFileSync(path));
  return [await readPredictions(path), await parsePredictions(name, bytes)] as const;
}

describe("a file's bytes hold what the file does", () => {
  it.each([
    ['logits', npz({ logits: npy(rows, [2, 3]), labels })],
    ['x and y', npz({ x: npy(rows, [2, 3]), y: labels })],
  ])('of .npz with %s', async (_, content) => {
    const [file, bytes] = await bothOf('p.npz', content);
    expect(bytes).toEqual(file);
  });

  it.each([
    ['numbers', 'a,b,c,label\n1,2,3,2\n4,5,6.5e-1,0\n'],
    ['texts in quotes', '﻿truth,a,b,label\r\n1,.5,-2.,"d, ""o"""\r\n\r\n 2 ,3,4,"cat"\r\n3,4,"5",é'],
    [
      'long numbers',
      'label,a,b\n0,0.1234567890123456789,1.0000000596046448\n1,1e-40,123456789012345678901\n',
    ],
  ])('of CSV with %s', async (_, content) => {
    const [file, bytes] = await bothOf('p.csv', content);
    expect(bytes).toEqual(file);
  });
});

it('numbers are read from text as exactly as by way of float64, or left to that', () => {
  let seen = 0;
  const numbers = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
      .map((x) => x.toExponential(18)),
    fc.double({ noNaN: true, min: -100, max: 100 }).map((x) => x.toFixed(7)),
  );
  fc.assert(
    fc.property(numbers, (text) => {
      const value = new FloatText(bytesOf(`${text},`)).read(0);
      if (Number.isNaN(value)) return;
      seen++;
      expect(value).toBe(Math.fround(Number(text)));
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(seen).toBeGreaterThan(1500);
});

it.each([
  ['an empty file', 'p.csv', '', 'p.csv: is empty'],
  ['a header alone', 'p.csv', 'a,b,label\n', 'p.csv: is empty: a header and rows are needed'],
  ['another kind', 'p.txt', 'x', 'p.txt: is of no known kind'],
  ['no ZIP file', 'p.npz', 'not a zip', 'p.npz: is not an .npz file, or damaged'],
  ['no labels', 'p.csv', 'a,b\n1,2\n', 'p.csv: has no column "label"'],
  ['a missing label', 'p.csv', 'a,b,label\n1,2,\n', 'row 1 has no label in the column "label"'],
  ['NaN', 'p.csv', 'a,b,label\n1,NaN,0\n', 'row 1 has "NaN" in the column "b", which is no number'],
  ['fewer columns', 'p.csv', 'a,b,label\n1,0\n', 'row 1 has fewer columns than the header, which has 3'],
  ['more columns', 'p.csv', 'a,b,label\n1,0,0,1\n', 'row 1 has more columns than the header, which has 3'],
  ['an open quote', 'p.csv', 'a,b,label\n1,"0,0\n', 'is not right CSV: a quote is never closed'],
  ['one class', 'p.csv', 'a,label\n1,0\n2,0\n', 'has one column of predictions'],
])('%s is refused in one line', async (_, name, content, message) => {
  await expect(parsePredictions(name, bytesOf(content))).rejects.toThrow(message);
});

it.each([
  ['p.npz', npz({ logits: npy(rows, [2, 3]), labels })],
  ['p.csv', bytesOf('a,b,c,label\n1,2.5,3,2\n4e1,5,"6",0\n')],
])('a damaged %s is read as predictions that can be, or refused in one line', async (name, whole) => {
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
      const bytes = whole.slice(0, Math.max(length, whole.length - 20));
      for (const [place, byte] of changes) if (place < bytes.length) bytes[place] = byte;
      try {
        const { values, labels, classNames } = await parsePredictions(name, bytes);
        expect(values).toHaveLength(labels.length * classNames.length);
        expect(values.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        expect((error as Error).message).not.toContain('\n');
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});
