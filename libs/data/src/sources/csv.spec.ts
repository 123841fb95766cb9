import { join } from 'node:path';
import { fixture } from '../../test/fixture';
import { folderWith, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';
import { numberLabels } from './labels';

afterEach(removeFolders);

const arrow = fixture<{ csv: string; csv_values: number[]; csv_labels: number[]; encoder: string[] }>(
  'tables.json',
);
const csv = (text: string) => join(folderWith({ 'data.csv': text }), 'data.csv');

describe('CSV', () => {
  it('is read as pyarrow reads it, labels numbered as by scikit-learn', async () => {
    const { dataset } = await load(csv(arrow.csv), { labelColumn: 'species' });
    expect(dataset).toMatchObject({
      size: 4,
      shape: [2],
      dtype: 'float32',
      classNames: ['Iris "x"', 'setosa'],
    });
    expect(await inputsOf(dataset)).toEqual(arrow.csv_values);
    expect([...dataset.labels]).toEqual(arrow.csv_labels);
  });

  it('keeps parts in files of their own', async () => {
    const rows = (...labels: number[]) =>
      `a,label\r\n${labels.map((label, i) => `${i},${label}\r\n`).join('')}`;
    const folder = folderWith({
      'train.csv': rows(10, 9, 9, 10),
      'val.csv': rows(9),
      'my_test.csv': rows(10, 9),
    });
    const { dataset } = await load(folder);
    expect(dataset.parts).toEqual({ train: 4, validation: 1, test: 2 });
    expect(dataset.classNames).toEqual(['9', '10']);
    expect([...dataset.labels]).toEqual([1, 0, 0, 1, 0, 1, 0]);
  });

  it('takes more rows than are handed on at once', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => `${i},${i / 2},${i % 3}`);
    const { dataset } = await load(csv(['a,b,label', ...rows].join('\n')));
    expect(await inputsOf(dataset)).toEqual(rows.flatMap((_, i) => [i, i / 2]));
  });

  it.each([
    ['a,b\n1,2\n', /has no column "label": name the one with the labels by --label_column, of a, b\.$/u],
    ['label\n1\n0\n', /has the column label alone: labels need features beside them\.$/u],
    ['a,label\n1,x\n2,\n', /row 2 has no label in the column "label"/u],
    ['a,label\n1,x\n,y\n', /row 2 has nothing in the column "a", which is no number/u],
    ['a,label\n1,x\nnan,y\n', /row 2 has "nan" in the column "a", which is no number/u],
    ['a,label\n1,x\n0x10,y\n', /row 2 has "0x10" in the column "a", which is no number/u],
    ['a,label\n1,x\n1e999,y\n', /row 2 has "1e999" in the column "a", which is no number/u],
    ['a,label\n1,x\n2,y,3\n', /is not right CSV: Invalid Record Length: .* on line 3\.$/u],
    ['a,label\n1,x\n2,"y\n', /is not right CSV: Quote Not Closed/u],
    ['a,label\n1,x\n2,x\n', /has one class only, x/u],
    ['a,label\n', /is empty: a header and rows are needed\.$/u],
  ])('is refused in one line: %j', async (text, message) => {
    expect(await failure(csv(text))).toMatch(message);
  });

  it('is refused where files have different columns', async () => {
    const folder = folderWith({ 'train.csv': 'a,label\n1,x\n2,y\n', 'test.csv': 'b,label\n1,x\n' });
    expect(await failure(folder)).toBe(
      './test.csv: has other columns than ./train.csv: all files need the same ones.',
    );
  });
});

describe('numberLabels', () => {
  it("has the order of scikit-learn's LabelEncoder", () => {
    expect(numberLabels([...arrow.encoder].reverse(), 'x').classNames).toEqual(arrow.encoder);
  });

  it('tells apart up to 65,536 classes', () => {
    const { labels, classNames } = numberLabels(
      Array.from({ length: 65_536 }, (_, i) => i),
      'x',
    );
    expect(classNames).toHaveLength(65_536);
    expect(labels[65_535]).toBe(65_535);
    expect(() =>
      numberLabels(
        Array.from({ length: 65_537 }, (_, i) => i),
        'x',
      ),
    ).toThrow('x: has 65537 different labels, and at most 65536 classes can be told apart');
  });
});
