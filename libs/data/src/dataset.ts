/** Height, width and channels of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** The shape of an image, or the number of features. */
export type InputShape = ImageShape | readonly [features: number];

/** Numbers of examples, one example after the other. */
export type Inputs = Uint8Array | Float32Array;

/** Class numbers from 0; bytes where there are no more than 256 classes. */
export type Labels = Uint8Array | Uint16Array;

/** How many examples belong to each part that a set's authors made; they are stacked in this order. */
export interface Parts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** What the bytes of images are multiplied by, so that they are numbers from 0 to 1. */
export const pixelScale = 1 / 255;

/** The most classes that a dataset may have. */
export const mostClasses = 65_536;

/** A labelled dataset of any source: in memory, or in a file that examples are read from when they are needed. */
export interface Dataset {
  /** Its name in the catalogue, else that of its file or folder. */
  readonly name: string;
  /** Number of examples. */
  readonly size: number;
  readonly shape: InputShape;
  /** What kind of numbers the inputs are. */
  readonly dtype: 'uint8' | 'float32';
  /** The inputs of all examples, [size, ...shape] in row-major order, where they are in memory; else null. */
  readonly inputs: Inputs | null;
  /** Copies the inputs of some examples, in the order of their numbers, wherever they are. */
  read(examples: Int32Array): Promise<Inputs>;
  /** What inputs are multiplied by first of all: `pixelScale` for images of bytes, else 1. */
  readonly scale: number;
  /** The class of each example; with soft labels the one with the largest number, the first of several. */
  readonly labels: Labels;
  /**
   * Soft labels, [size, classes], from 0 to 1: class distributions, whose rows all sum to 1, or possibilities, whose
   * rows all have a 1; null where there are none.
   */
  readonly targets: Float32Array | null;
  /** Number of classes. */
  readonly classes: number;
  readonly classNames: readonly string[];
  /** The parts that the set's authors made; all of it is `train` where they made none. */
  readonly parts: Parts;
  /** The share of all examples that the study holds out for testing. */
  readonly testShare: number;
  /** Where the data came from, for people to read. */
  readonly source: string;
  /** SHA-256, in hexadecimal, of the contents: equal for equal data, whatever its name and place. */
  digest(): Promise<string>;
  /** Closes the file that inputs are read from; to be called when a dataset that is not in memory is done with. */
  close(): Promise<void>;
}
