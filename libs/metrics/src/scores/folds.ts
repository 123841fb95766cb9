import { MetricsError } from '../errors';
import type { Labels } from '../inputs/types';
import { randomStream, shuffle } from '../numerics/random';

/** Each example's fold, drawn so that folds, and the examples of each class in them, differ in number by one at most. */
export function stratifiedFolds(labels: Labels, folds: number, seed: number): Uint32Array {
  const examples = labels.length;
  if (!Number.isInteger(folds) || folds < 2 || folds > examples) {
    throw new MetricsError(`folds is ${folds}: expected a whole number from 2 to ${examples}, the examples`);
  }
  const order = Uint32Array.from({ length: examples }, (_, i) => i);
  shuffle(order, randomStream(seed, 0));
  order.sort((a, b) => (labels[a] as number) - (labels[b] as number));
  const foldOf = new Uint32Array(examples);
  order.forEach((example, place) => (foldOf[example] = place % folds));
  return foldOf;
}
