import type { Examples } from './inputs';
import { selectExamples } from './inputs';
import { shuffledNumbers } from './numerics/random';

/** Examples to fit on and the rest of them, to score. */
export interface Fold {
  readonly fitted: Examples;
  readonly heldOut: Examples;
}

/** Parts examples into folds by a seeded shuffle; each is held out once. */
export function* foldsOf(examples: Examples, folds: number, seed: number): Generator<Fold> {
  const order = shuffledNumbers(examples.size, seed);
  for (let fold = 0; fold < folds; fold++) {
    yield {
      fitted: selectExamples(
        examples,
        order.filter((_, i) => i % folds !== fold),
      ),
      heldOut: selectExamples(
        examples,
        order.filter((_, i) => i % folds === fold),
      ),
    };
  }
}

/** Weighted sum of -ln p of the labels; infinite where a label has probability 0. */
export function logLoss(probabilities: Float64Array, { classes, labels, weights }: Examples): number {
  let total = 0;
  labels.forEach((label, row) => {
    total -= (weights?.[row] ?? 1) * Math.log(probabilities[row * classes + label] as number);
  });
  return total;
}
