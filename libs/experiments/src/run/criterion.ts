import type { Parameters } from '../parameters/parameters';
import type { Scores } from './result';

/** What trials and epochs are compared by. */
export type Criterion = Parameters['select'];

const titles: Record<Criterion, string> = {
  accuracy: 'highest accuracy',
  ece: 'lowest ECE',
  nll: 'lowest NLL',
  brier: 'lowest Brier score',
  refinement: 'lowest refinement error',
};

/** A criterion in words: `lowest ECE`. */
export function criterionTitle(criterion: Criterion): string {
  return titles[criterion];
}

/** What is low where scores are good by a criterion; infinite where they lack it. */
export function criterionLoss(criterion: Criterion, scores: Scores): number {
  return criterion === 'accuracy' ? 1 - scores.accuracy : (scores[criterion] ?? Infinity);
}
