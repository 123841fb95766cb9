import type { DatasetName } from '@label-relaxation/data';
import { datasetNames, isPath } from '@label-relaxation/data';
import { UsageError } from '../errors';
import type { Flag } from './flags';
import { booleanFlag, choiceFlag, numberFlag, optional, parsedFlag, textFlag } from './flags';

type Options = Pick<Flag<unknown>, 'group'>;

const own = 'of your own data';
const names = datasetNames.join(', ');

/** The flag that takes a data set: a name of the catalogue in any case, or a path, kept as it is. */
export function datasetFlag(options: Options): Flag<DatasetName | (string & {})> {
  const help = `data set: ${names}, or the path of your own, such as ./photos: a folder of class folders with images, or of IDX, NumPy, Parquet or CSV files, or one such file`;
  const takes = `one of ${names}, or a path, which begins with ./`;
  const find = (text: string) => {
    const name = text.trim();
    if (isPath(name)) return name;
    if (name.toLowerCase() === 'imagenet') {
      throw new UsageError(`--dataset_name imagenet is not provided: take ${names}, or give a path`);
    }
    return datasetNames.find((known) => known === name.toLowerCase());
  };
  return parsedFlag('cifar100', takes, find, { ...options, help });
}

/** The flags that say how a data set is read and split; null where they aren't given. */
export function dataFlags(options: Options) {
  return {
    image_size: optional(
      parsedFlag('', 'a side such as 64, or height x width such as 48x64', readSize, {
        ...options,
        help: `height and width to resize images ${own} to, such as 64 or 48x64; by default they must have one size`,
      }),
    ),
    channels: optional(
      parsedFlag<number>(3, '1 or 3', (text) => (/^[13]$/u.test(text.trim()) ? Number(text) : undefined), {
        ...options,
        help: `1 makes images ${own} grey, 3 coloured; by default 3 unless all are grey`,
      }),
    ),
    skip_damaged: optional(
      booleanFlag(false, { ...options, help: `leave out images ${own} that cannot be read, and say which` }),
    ),
    max_megapixels: optional(
      numberFlag(
        64,
        { min: 0, above: true },
        { ...options, help: `the largest image ${own} that is read, in millions of pixels; by default 64` },
      ),
    ),
    label_column: textFlag('the name of a column', {
      ...options,
      help: `column of Parquet or CSV with the labels; by default "label"`,
    }),
    split: optional(
      choiceFlag(
        'study',
        { own: [], study: [] },
        {
          ...options,
          help: "own keeps the data's own test part, study stacks and splits all as the paper does; by default own for your own data that has one",
        },
      ),
    ),
    test_share: optional(
      numberFlag(
        0.2,
        { min: 0, above: true, below: 1 },
        {
          ...options,
          help: "share that is held out for testing; by default the paper's, and 0.2 of your own data",
        },
      ),
    ),
    stratify: optional(
      booleanFlag(false, {
        ...options,
        help: "give each class its share in every part, as scikit-learn's stratify",
      }),
    ),
    dataset_sha256: textFlag("the SHA-256 of a data set's contents", {
      ...options,
      help: 'refuse data with other contents; a search gives it to its trials',
    }),
  };
}

/** The flag that limits how much of the data is held in memory, in bytes. */
export function memoryFlag(options: Options): Flag<number | null> {
  const help =
    'memory for the inputs, such as 2GB; larger ones are read batch by batch; by default half of what is free';
  return optional(
    parsedFlag<number>(0, 'an amount of memory such as 500MB or 2GB', readBytes, {
      ...options,
      help,
      logged: false,
    }),
  );
}

function readSize(text: string): string | undefined {
  const [, height, width = height] = /^\s*(\d{1,5})(?:\s*x\s*(\d{1,5}))?\s*$/iu.exec(text) ?? [];
  return height === undefined || Number(height) === 0 || Number(width) === 0
    ? undefined
    : `${Number(height)}x${Number(width)}`;
}

function readBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*$/iu.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Math.floor(Number(number) * 1000 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase()));
}

/** Flags that have a meaning for data of one's own alone. */
const ofOwnData = ['image_size', 'channels', 'skip_damaged', 'max_megapixels', 'label_column'] as const;

/** Throws a UsageError where flags for one's own data are given for a data set of the catalogue. */
export function checkDataFlags(
  parameters: { readonly dataset_name: string } & Readonly<Record<(typeof ofOwnData)[number], unknown>>,
): void {
  const { dataset_name } = parameters;
  const stranger = ofOwnData.find((name) => parameters[name] !== null);
  if (!isPath(dataset_name) && stranger !== undefined) {
    throw new UsageError(
      `--${stranger} is for your own data, not for ${dataset_name}: leave it out, or give a path`,
    );
  }
}
