import { join } from 'node:path';
import type { Parts } from '../dataset';
import { pixelScale } from '../dataset';
import { DataError } from '../errors';
import type { ImageList, ImageOptions } from '../images/collect-images';
import { collectImages, defaultMaxPixels } from '../images/collect-images';
import { areAllGrey, sizesOf } from '../images/survey';
import { checkClasses, compare, labelArray, numberLabels } from './labels';
import { countParts, partOrder } from './parts';
import type { Source, SourceFile } from './source';
import type { Entries } from './walk';
import { entriesOf, filesBelow } from './walk';

const extensions = /\.(png|jpe?g|webp|gif|bmp)$/iu;

/** The names of the folders of parts. */
const partNames = { train: ['train'], validation: ['val', 'valid', 'validation'], test: ['test'] } as const;

/** An image with its class and the part that it belongs to. */
interface Member {
  readonly file: SourceFile;
  readonly className: string;
  readonly part: keyof Parts;
}

/**
 * A folder of class folders, or of `train/`, `val/` and `test/` with class folders, as a source: classes in the order
 * of their names, images in that of their paths within.
 *
 * @param found what is in the folder.
 * @throws DataError where it holds no images, fewer than two classes, or a class that is only tested.
 */
export async function imageFolder(
  path: string,
  { folders, files }: Entries,
  options: ImageOptions,
  signal?: AbortSignal,
): Promise<Source> {
  const members: Member[] = [];
  const others: string[] = files.map(({ name }) => name);
  const addClasses = async (folder: string, names: readonly string[], part: keyof Parts) => {
    for (const className of names) {
      const all = await filesBelow(join(folder, className), path, signal);
      const images = all.filter(({ name }) => extensions.test(name));
      for (const { name } of all) if (!extensions.test(name)) others.push(name);
      for (const file of images) members.push({ file, className, part });
      if (images.length === 0) {
        throw new DataError(
          `${join(folder, className)}: has no images (PNG, JPEG, WebP, GIF or BMP); ` +
            'each folder is a class: remove it or fill it.',
        );
      }
    }
  };
  if (folders.includes('train')) {
    for (const part of partOrder) {
      for (const name of partNames[part].filter((one) => folders.includes(one))) {
        const inPart = entriesOf(join(path, name), path);
        others.push(...inPart.files.map((file) => file.name));
        await addClasses(join(path, name), inPart.folders, part);
      }
    }
    const known: readonly string[] = partOrder.flatMap((part) => partNames[part]);
    others.push(...folders.filter((name) => !known.includes(name)).map((name) => `${name}/`));
    checkTrained(path, members);
  } else {
    await addClasses(path, folders, 'train');
  }
  const { labels, classNames } = numberLabels(
    members.map(({ className }) => className),
    path,
  );
  checkClasses({ labels, classNames }, path, 'image');
  const { imageSize = null, channels = null, skipDamaged = false, maxPixels = defaultMaxPixels } = options;
  return {
    path,
    kind: 'image folder',
    files: members.map(({ file }) => file),
    settings: { imageSize, channels, skipDamaged, maxPixels },
    isCostly: true,
    read: async (sink, watch) => {
      const list = listOf(path, members);
      const actual = channels ?? ((await areAllGrey(list.items())) ? 1 : 3);
      const { shape, kept, notes } = await collectImages(list, options, actual, sink, watch);
      return {
        ...{ shape, dtype: 'uint8', scale: pixelScale, targets: null, classNames },
        labels: labelArray(kept.length, classNames.length).map((_, i) => labels[kept[i]!]!),
        parts: countParts([...kept].map((index) => [members[index]!.part, 1])),
        notes: [...notes, ...noteOf(path, others)],
      };
    },
  };
}

function checkTrained(path: string, members: readonly Member[]): void {
  const trained = new Set(members.filter(({ part }) => part === 'train').map(({ className }) => className));
  const lost = members.find(({ className }) => !trained.has(className));
  if (lost) {
    throw new DataError(
      `${path}: the class ${lost.className} has images in the ${lost.part} part and none in train/; ` +
        'put some there or remove it.',
    );
  }
}

function listOf(path: string, members: readonly Member[]): ImageList {
  const paths = members.map(({ file }) => file.path);
  return {
    path,
    count: paths.length,
    items: () => paths,
    nameOf: (index) => paths[index]!,
    sizes: () => sizesOf(paths),
  };
}

/** Which files were passed over, for the user to know. */
function noteOf(path: string, others: readonly string[]): string[] {
  if (others.length === 0) return [];
  const [first] = [...others].sort(compare);
  const what = others.length === 1 ? `${first} is` : `${others.length} files, such as ${first}, are`;
  return [`${path}: ${what} no image in a class folder and left out`];
}
