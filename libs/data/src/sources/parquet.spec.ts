import { join } from 'node:path';
import { fixture } from '../../test/fixture';
import { folderWith, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';

afterEach(removeFolders);

const arrow = fixture<
  {
    images: Record<string, string>;
    numeric: Record<string, string>;
    labels: number[];
    pixels: number[];
    test_labels: number[];
    test_pixels: number[];
    grey_pixels: number[];
    values: number[];
    species: string[];
    species_labels: number[];
  } & Record<string, string>
>('tables.json');

const bytes = (base64: string) => Buffer.from(base64, 'base64');
const parquet = (base64: string) => join(folderWith({ 'data.parquet': bytes(base64) }), 'data.parquet');

describe('Parquet with images, as Hugging Face writes it', () => {
  it.each(Object.keys(arrow.images))('is read with the compression %s', async (codec) => {
    const { dataset } = await load(parquet(arrow.images[codec]!));
    expect(dataset).toMatchObject({ size: 24, shape: [5, 6, 3], classNames: ['cat', 'dog', 'eel'] });
    expect([...dataset.labels]).toEqual(arrow.labels);
    expect(await inputsOf(dataset)).toEqual(arrow.pixels);
  });

  it('keeps the parts that its files are named after', async () => {
    const folder = folderWith({
      'data/test-00000-of-00001.parquet': bytes(arrow['test_images']!),
      'data/train-00000-of-00001.parquet': bytes(arrow.images['SNAPPY']!),
      'README.md': 'a data set',
    });
    const { dataset } = await load(folder);
    expect(dataset.parts).toEqual({ train: 24, validation: 0, test: 6 });
    expect([...dataset.labels]).toEqual([...arrow.labels, ...arrow.test_labels]);
    expect(await inputsOf(dataset)).toEqual([...arrow.pixels, ...arrow.test_pixels]);
    expect(dataset.source).toBe(`the folder of Parquet files ${folder}`);
  });

  it('is grey where all images are, and takes the one class label that there is', async () => {
    const { dataset } = await load(parquet(arrow['grey_images']!));
    expect(dataset.shape).toEqual([5, 6, 1]);
    expect(await inputsOf(dataset)).toEqual(arrow.grey_pixels);
    expect((await load(parquet(arrow['fine_images']!))).dataset.classNames).toEqual(['cat', 'dog', 'eel']);
  });

  it('refuses labels beyond the names', async () => {
    expect(await failure(parquet(arrow['beyond_names']!))).toMatch(
      /row 1 has the label 2 in the column "label", which names 2 classes/u,
    );
  });
});

describe('Parquet with numbers', () => {
  it.each(Object.keys(arrow.numeric))('is read as pyarrow reads it: %s', async (kind) => {
    const { dataset } = await load(parquet(arrow.numeric[kind]!), { labelColumn: 'species' });
    expect(dataset).toMatchObject({ size: 24, shape: [8], dtype: 'float32', scale: 1 });
    expect(await inputsOf(dataset)).toEqual(arrow.values);
    expect(dataset.classNames).toEqual(arrow.species);
    expect([...dataset.labels]).toEqual(arrow.species_labels);
  });

  it('numbers whole labels by their value', async () => {
    const { dataset } = await load(parquet(arrow['unnamed_label']!));
    expect(dataset.classNames).toEqual(['1', '3']);
    expect([...dataset.labels]).toEqual([1, 0, 1, 0]);
  });

  it.each([
    ['null_label', /row 1 has no label in the column "label": fill it in or remove the row\.$/u],
    ['null_feature', /row 1 has nothing in the column "b", which is no number/u],
    ['nan_feature', /row 2 has "NaN" in the column "b", which is no number/u],
    ['text_feature', /row 0 has "one" in the column "b", which is no number: .* \(--label_column\)\?$/u],
    [
      'struct_feature',
      /the column "b" is a struct: features are numbers or lists of numbers; leave it out\.$/u,
    ],
    ['uneven_lists', /row 1 has a list of 1 numbers in the column "b", and others have 2/u],
  ])('is refused in one line: %s', async (name, message) => {
    expect(await failure(parquet(arrow[name]!))).toMatch(message);
  });

  it('is refused where the label column, the file or its part is not there', async () => {
    const plain = arrow.numeric['plain']!;
    expect(await failure(parquet(plain))).toMatch(
      /has no column "label": name the one with the labels by --label_column, of double, float, small, /u,
    );
    expect(await failure(parquet(plain), { labelColumn: 'kind' })).toMatch(
      /has no column "kind" \(--label_column\): it has double/u,
    );
    expect(await failure(parquet(plain), { labelColumn: 'double' })).toMatch(
      /row 1 has 0\.142\d* .* is no label/u,
    );
    const cut = bytes(plain).subarray(0, 500).toString('base64');
    expect(await failure(parquet(cut))).toMatch(
      /is not a Parquet file, or damaged \(.*\); get the file again\.$/u,
    );
    const files = { 'a.parquet': bytes(plain), 'b.parquet': bytes(plain) };
    expect(await failure(folderWith(files))).toMatch(
      /has several Parquet files, and a\.parquet, b\.parquet do not say/u,
    );
    const others = { 'train.parquet': bytes(plain), 'test.parquet': bytes(arrow['unnamed_label']!) };
    expect(await failure(folderWith(others))).toMatch(
      /test\.parquet: has other columns than .*train\.parquet/u,
    );
  });
});
