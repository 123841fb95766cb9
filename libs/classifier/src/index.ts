export { ClassifierError } from './errors';
export { loadClassifier } from './load-classifier';

export type { Classifier, LoadOptions, Prediction } from './load-classifier';
export type { Example, PixelData } from './pixels';
export type { OnnxRuntime } from './runtime';
