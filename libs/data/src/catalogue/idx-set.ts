import { DataError } from '../errors';
import type { OpenIdx } from '../formats/idx';
import { openIdx } from '../formats/idx';
import type { IdxSpec } from './catalogue';
import type { ChecksumPolicy } from './checksum';
import { checkPublished } from './checksum';
import type { StackedData } from './stacked-data';

export const idxRoles = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
export type IdxRole = (typeof idxRoles)[number];
/** The path of each of a set's four files. */
export type IdxPaths = Readonly<Record<IdxRole, string>>;

/**
 * Reads a dataset of four IDX files, each straight to its place in the stacked arrays.
 *
 * @throws DataError for a file that is damaged or not of this dataset, or if images and labels do not match.
 */
export async function readIdxSet(
  spec: IdxSpec,
  paths: IdxPaths,
  policy: ChecksumPolicy,
  signal?: AbortSignal,
): Promise<StackedData> {
  const files: OpenIdx[] = [];
  const openFile = async (role: IdxRole) => {
    const kind = role.endsWith('Images') ? 'images' : 'labels';
    const file = await openIdx(paths[role], { kind, imageShape: [spec.shape[0], spec.shape[1]] }, signal);
    files.push(file);
    return file;
  };
  try {
    const trainImages = await openFile('trainImages');
    const trainLabels = await openFile('trainLabels');
    const testImages = await openFile('testImages');
    const testLabels = await openFile('testLabels');
    checkCounts(trainImages, trainLabels);
    checkCounts(testImages, testLabels);

    const trainSize = trainImages.count;
    const size = trainSize + testImages.count;
    const pixels = spec.shape[0] * spec.shape[1];
    const images = new Uint8Array(size * pixels);
    const labels = new Uint8Array(size);
    const read = async (role: IdxRole, file: OpenIdx, target: Uint8Array) => {
      await file.next(target);
      checkPublished(file.path, await file.finish(), spec[role], policy);
    };
    await read('trainImages', trainImages, images.subarray(0, trainSize * pixels));
    await read('trainLabels', trainLabels, labels.subarray(0, trainSize));
    await read('testImages', testImages, images.subarray(trainSize * pixels));
    await read('testLabels', testLabels, labels.subarray(trainSize));
    checkLabels(labels.subarray(0, trainSize), paths.trainLabels, spec);
    checkLabels(labels.subarray(trainSize), paths.testLabels, spec);
    return { images, labels, trainSize };
  } finally {
    files.forEach((file) => file.close());
  }
}

function checkCounts(images: OpenIdx, labels: OpenIdx): void {
  if (images.count !== labels.count) {
    throw new DataError(
      `${images.path} holds ${images.count} images and ${labels.path} holds ${labels.count} labels, ` +
        'which should be as many; check that the two belong together.',
    );
  }
}

function checkLabels(labels: Uint8Array, path: string, spec: IdxSpec): void {
  const classes = spec.classNames.length;
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DataError(
      `${path}: label ${labels[wrong]} at position ${wrong}, but ${spec.title}'s labels are 0 to ${classes - 1}; ` +
        'get the file again.',
    );
  }
}
