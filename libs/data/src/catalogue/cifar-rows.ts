import { DataError } from '../errors';

/** How the rows of a CIFAR batch file are laid out. */
export interface RowLayout {
  readonly title: string;
  readonly shape: readonly [height: number, width: number, channels: 3];
  readonly classes: number;
  /** Bytes of labels in front of each image; the last is the class. */
  readonly labelBytes: number;
}

/** Bytes in a row: the labels and the planes. */
export function rowBytes({ shape, labelBytes }: RowLayout): number {
  return labelBytes + shape[0] * shape[1] * shape[2];
}

/**
 * Number of rows in a batch file (https://www.cs.toronto.edu/~kriz/cifar.html, binary version).
 *
 * @param name of the file, for the error.
 * @throws DataError if its size is not a positive multiple of a row.
 */
export function countRows(name: string, bytes: Uint8Array, layout: RowLayout): number {
  const row = rowBytes(layout);
  if (bytes.length === 0 || bytes.length % row !== 0) {
    throw new DataError(
      `${name}: should hold rows of ${row} bytes (${layout.title}) and has ${bytes.length} bytes, ` +
        (bytes.length === 0 ? 'none' : `which leaves ${bytes.length % row} over`) +
        '; it is cut off or not of this dataset: get it again.',
    );
  }
  return bytes.length / row;
}

/**
 * Decodes the rows of a batch file: planes of red, green and blue become pixels of three channels.
 *
 * @param name of the file, for the error.
 * @param images takes [rows, height, width, 3].
 * @param labels takes [rows].
 * @throws DataError if a label is not one of the dataset's.
 */
export function decodeRows(
  name: string,
  bytes: Uint8Array,
  layout: RowLayout,
  images: Uint8Array,
  labels: Uint8Array,
): void {
  const { labelBytes, classes, title } = layout;
  const plane = layout.shape[0] * layout.shape[1];
  for (let row = 0, red = labelBytes, to = 0; row < labels.length; row++, red += labelBytes + 3 * plane) {
    const label = bytes[red - 1]!;
    if (label >= classes) {
      throw new DataError(
        `${name}: label ${label} in row ${row}, but ${title}'s labels are 0 to ${classes - 1}; ` +
          'it is damaged or not of this dataset: get it again.',
      );
    }
    labels[row] = label;
    const green = red + plane;
    const blue = green + plane;
    for (let pixel = 0; pixel < plane; pixel++, to += 3) {
      images[to] = bytes[red + pixel]!;
      images[to + 1] = bytes[green + pixel]!;
      images[to + 2] = bytes[blue + pixel]!;
    }
  }
}
