import { join } from 'node:path';
import { fixture } from '../../test/fixture';
import { folderWith, removeFolders } from '../../test/folders';
import { failure, inputsOf, load } from '../../test/load';

afterEach(removeFolders);

const numpy = fixture<{
  types: { name: string; npy: string }[];
  sets: Record<string, string>;
  images: number[];
  features: number[];
  soft: number[];
}>('arrays.json');

function npz(name: string): string {
  return join(folderWith({ 'data.npz': Buffer.from(numpy.sets[name]!, 'base64') }), 'data.npz');
}

describe('an .npz file', () => {
  it.each(['keras', 'keras_stored'])('as Keras writes it (%s) keeps its parts', async (name) => {
    const path = npz(name);
    const { dataset, warnings } = await load(path);
    expect(dataset).toMatchObject({
      ...{
        name: 'data',
        size: 6,
        shape: [4, 5, 1],
        dtype: 'uint8',
        scale: 1 / 255,
        classes: 3,
        targets: null,
      },
      parts: { train: 4, validation: 0, test: 2 },
      source: `the NumPy file ${path}`,
      classNames: ['0', '3', '7'],
    });
    expect([...dataset.labels]).toEqual([2, 1, 2, 0, 1, 0]);
    expect(await inputsOf(dataset)).toEqual(numpy.images);
    expect(warnings).toEqual([]);
  });

  it('gives features of any order and type as float32, and numbers texts in sorted order', async () => {
    const { dataset } = await load(npz('features'));
    expect(dataset).toMatchObject({ shape: [6], dtype: 'float32', scale: 1, classNames: ['a', 'b'] });
    expect(await inputsOf(dataset)).toEqual(numpy.features);
    expect([...dataset.labels.subarray(0, 3)]).toEqual([1, 0, 1]);
  });

  it('keeps soft labels, and takes their largest entry for the class', async () => {
    const { dataset } = await load(npz('soft'));
    expect([...dataset.targets!]).toEqual(numpy.soft.map(Math.fround));
    expect([...dataset.labels.subarray(8, 12)]).toEqual([0, 0, 2, 2]);
    expect(dataset.classNames).toEqual(['one', 'two', 'three']);
  });

  it('keeps sets of candidates, and takes one-hot rows and columns for classes', async () => {
    const candidates = (await load(npz('candidates'))).dataset;
    expect([...candidates.targets!.subarray(0, 6)]).toEqual([1, 1, 0, 0, 0, 1]);
    expect([...candidates.labels.subarray(0, 2)]).toEqual([0, 2]);
    const oneHot = (await load(npz('one_hot'))).dataset;
    expect(oneHot.targets).toBeNull();
    expect([...oneHot.labels.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
    expect([...(await load(npz('column'))).dataset.labels.subarray(0, 3)]).toEqual([0, 1, 0]);
  });

  it('says that pixels of floats are taken as they are', async () => {
    expect((await load(npz('channels'))).dataset).toMatchObject({ shape: [8, 9, 3], scale: 1 });
  });

  it.each([
    [
      'channels_first',
      /x: has the shape \(4, 3, 8, 9\), channels first: .* by x\.transpose\(0, 2, 3, 1\)\.$/u,
    ],
    [
      'int_images',
      /x: holds images of <i8: save pixels of 0 to 255 as uint8, x\.astype\("uint8"\), or floats\.$/u,
    ],
    ['objects', /x: holds Python objects \(pickle\), which are never read/u],
    ['complex', /x: is an array of <c16, which is not read/u],
    ['records', /x: is an array of .*, which is not read/u],
    ['nan', /: example 1 has the value NaN at position 1: every input must be a finite number/u],
    ['negative', /y: the label -1 at position 0 is no class: give whole numbers from 0 on, or texts\.$/u],
    ['fractions', /y: the label 0.5 at position 1 is no class/u],
    ['short', /y: has 19 labels for 20 examples of x: one for each is needed\.$/u],
    ['beyond_names', /y: the label 2 at position 2 is no class: give whole numbers from 0 to 1\.$/u],
    ['no_labels', /has the array x and lacks y: inputs and labels belong together\.$/u],
    [
      'other',
      /has the arrays images, labels: x and y are needed, or x_train, y_train, x_test and y_test\.$/u,
    ],
    ['missing_text', /y: the label at position 1 is missing\.$/u],
    [
      'no_distribution',
      /y: row 0 sums to 0.9 and its largest number is 0.3\d*: soft labels are distributions/u,
    ],
    ['one_class', /has one class only, 0: at least two classes are needed to tell apart\.$/u],
    ['single', /has a single example of the class 1: at least two are needed/u],
  ])('is refused in one line: %s', async (name, message) => {
    expect(await failure(npz(name))).toMatch(message);
  });

  it('is refused where it is cut off, damaged or none', async () => {
    const good = Buffer.from(numpy.sets['keras_stored']!, 'base64');
    const write = (bytes: Buffer) => join(folderWith({ 'x.npz': bytes }), 'x.npz');
    expect(await failure(write(good.subarray(0, 300)))).toMatch(/is not an \.npz file, or damaged/u);
    expect(await failure(write(Buffer.from('nothing')))).toMatch(/is not an \.npz file, or damaged/u);
    expect(await failure(write(Buffer.alloc(0)))).toBe('.: is empty; get the file again.');
    const changed = Buffer.from(good);
    changed[changed.indexOf('\x93NUMPY', 0, 'latin1') + 140]! ^= 1;
    expect(await failure(write(changed))).toMatch(/the array x_train is damaged \(its checksum is wrong\)/u);
  });
});

describe('a folder of .npy files', () => {
  const bytes = (name: string) => Buffer.from(numpy.types.find((type) => type.name === name)!.npy, 'base64');
  const labels = Buffer.from(bytes('|u1, C order'));

  it('is read as one set, also by the path of one of them', async () => {
    const folder = folderWith({ 'X.npy': bytes('>f8, F order'), 'y.npy': columnOf(labels) });
    const { dataset } = await load(folder);
    expect(dataset).toMatchObject({ size: 4, shape: [3, 2, 1], dtype: 'float32' });
    const again = await load(join(folder, 'X.npy'));
    expect(await again.dataset.digest()).toBe(await dataset.digest());
  });

  it('is refused where a file has too much in it', async () => {
    const folder = folderWith({
      'x.npy': bytes('>f8, F order'),
      'y.npy': Buffer.concat([columnOf(labels), Buffer.of(1)]),
    });
    expect(await failure(folder)).toBe('./y.npy: is longer than its header says; save or copy it again.');
  });
});

/** An .npy file of four labels, made of one with another shape. */
function columnOf(npy: Buffer): Buffer {
  const header = npy.subarray(0, 10 + npy.readUInt16LE(8)).toString('latin1');
  return Buffer.concat([
    Buffer.from(header.replace('(4, 3, 2), ', '(4,),      '), 'latin1'),
    Buffer.of(0, 1, 0, 1),
  ]);
}
