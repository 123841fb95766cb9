/** The datasets that can be loaded, under their names on the command line. */
export type DatasetName = 'mnist' | 'fashion_mnist' | 'cifar10' | 'cifar100';

/** What is read from a dataset's files. */
export type StackedData = Pick<Dataset, 'images' | 'labels' | 'trainSize'>;

/** A dataset in memory: the train and the test part of its authors, stacked in this order. */
export interface Dataset {
  readonly name: DatasetName;
  /** Pixels 0-255, [size, height, width, channels] in row-major order. */
  readonly images: Uint8Array;
  /** Class numbers from 0, [size]. */
  readonly labels: Uint8Array;
  /** Number of examples. */
  readonly size: number;
  /** Height, width and channels of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes. */
  readonly classes: number;
  readonly classNames: readonly string[];
  /** How many of the examples, from the first on, are the authors' train part. */
  readonly trainSize: number;
  /** The share of all examples that the study holds out for testing: 1/7, and 1/6 for CIFAR. */
  readonly testShare: number;
  /** Where the bytes came from, for people to read. */
  readonly source: string;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file. */
  readonly file: string;
  readonly address: string;
  /** Bytes on disk so far, with those of an earlier, interrupted download. */
  readonly received: number;
  /** Bytes in all, or null where the server does not say. */
  readonly total: number | null;
}

/** Where `loadDataset` may look, and whom it tells. */
export interface LoadOptions {
  /** Folder that must hold the files, itself or in a folder of the dataset's name; nothing else is tried. */
  readonly dataDir?: string;
  /** Folder for downloads; default LABEL_RELAXATION_CACHE, else `label-relaxation` in the user's cache folder. */
  readonly cacheDir?: string;
  /** Never download. */
  readonly offline?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
}
