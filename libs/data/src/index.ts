export { datasetNames } from './catalogue/catalogue';
export { mostClasses, pixelScale } from './dataset';
export { cacheFolder } from './download/cache-folder';
export { DataError } from './errors';
export { loadDataset } from './load';
export { meanImage } from './normalise/mean-image';
export { standardise } from './normalise/standardise';
export { batches } from './split/batches';
export { MersenneTwister } from './split/mersenne-twister';
export { hashIndices, scalingShare, splitDataset, trainTestSplit, validationShare } from './split/split';
export { heldDataset } from './storage/held-dataset';

export type { DatasetName } from './catalogue/catalogue';
export type { Dataset, ImageShape, Inputs, InputShape, Labels, Parts } from './dataset';
export type { DownloadProgress } from './download/download';
export type { LoadOptions } from './load';
export type { Standardisation } from './normalise/standardise';
export type { Split, SplitOptions } from './split/split';
export type { Description } from './storage/content-hash';
