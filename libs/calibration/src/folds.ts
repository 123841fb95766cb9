import { stratifiedFolds } from '@label-relaxation/metrics';
import type { Examples } from './inputs';
import { selectExamples } from './inputs';

/** Examples to fit on and the rest of them, to score. */
export interface Fold {
  readonly fitted: Examples;
  readonly heldOut: Examples;
}

/** Parts examples into folds that have the classes in equal numbers, by a seed; each is held out once. */
export function* foldsOf(examples: Examples, folds: number, seed: number): Generator<Fold> {
  const foldOf = stratifiedFolds(examples.labels, folds, seed);
  const rows = Int32Array.from(foldOf.keys());
  for (let fold = 0; fold < folds; fold++) {
    yield {
      fitted: selectExamples(
        examples,
        rows.filter((row) => foldOf[row] !== fold),
      ),
      heldOut: selectExamples(
        examples,
        rows.filter((row) => foldOf[row] === fold),
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
