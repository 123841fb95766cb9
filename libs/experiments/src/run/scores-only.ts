import type { Scores } from './result';

/** Scores of which those that came later may be missing: of a run that an earlier version scored. */
type GivenScores = Pick<Scores, 'accuracy' | 'ece' | 'nll' | 'brier'> & Partial<Scores>;

/** The scores alone of a result, null for those that it lacks. */
export function scoresOnly(result: GivenScores): Scores {
  const { accuracy, ece, nll, brier, refinement = null, smooth_ece = null, aurc = null } = result;
  return { accuracy, ece, nll, brier, refinement, smooth_ece, aurc };
}
