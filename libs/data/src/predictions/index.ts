export { DataError } from '../errors';
export { asLogits, couldBeProbabilities } from './as-logits';
export { parsePredictions } from './parse-predictions';

export type { ParseOptions } from './parse-predictions';
export type { Predictions } from './predictions';
