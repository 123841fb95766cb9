import type { Criterion, Scores } from '@label-relaxation/experiments';
import { criterionLoss } from '@label-relaxation/experiments';
import type { RunEntity } from '@label-relaxation/tracking';

/** What became of a trial. */
export interface TrialOutcome {
  readonly alpha: number;
  readonly runId: string;
  readonly status: 'FINISHED' | 'FAILED';
  /** On the validation part; null for a failed trial. */
  readonly scores: Scores | null;
  /** Why it failed, in one line. */
  readonly error: string | null;
}

/** A trial that has scores. */
export type FinishedTrial = TrialOutcome & { readonly scores: Scores };

/** What became of a study. */
export interface StudyOutcome {
  readonly parentRunId: string;
  readonly parentUrl: string;
  /** Null where no trial finished. */
  readonly bestAlpha: number | null;
  /** On the test part; null where there is no final run. */
  readonly scores: Scores | null;
  readonly trials: readonly TrialOutcome[];
  /** Why there is no final run, in one line. */
  readonly error: string | null;
}

/** The scores of a finished run in MLflow; null if it has none. */
export function scoresOf(run: RunEntity): Scores | null {
  const metrics = new Map(run.data.metrics.map(({ key, value }) => [key, value]));
  const [accuracy, ece, nll, brier] = ['test_accuracy', 'ece', 'nll', 'brier'].map((name) =>
    metrics.get(name),
  );
  if (accuracy === undefined || ece === undefined || nll === undefined || brier === undefined) return null;
  const later = (name: string) => metrics.get(name) ?? null;
  return {
    accuracy,
    ece,
    nll,
    brier,
    refinement: later('refinement'),
    smooth_ece: later('smooth_ece'),
    aurc: later('aurc'),
  };
}

/**
 * The best of the finished trials by a criterion; between equals the one of the higher accuracy, then of the lower ECE, then
 * of the smaller alpha. Null where none finished.
 */
export function chooseBest(trials: readonly TrialOutcome[], criterion: Criterion): FinishedTrial | null {
  const finished = trials.filter((trial): trial is FinishedTrial => trial.scores !== null);
  const rank = ({ scores, alpha }: FinishedTrial) => [
    criterionLoss(criterion, scores),
    1 - scores.accuracy,
    scores.ece,
    alpha,
  ];
  const [best] = finished.sort((a, b) => compare(rank(a), rank(b)));
  return best ?? null;
}

/** The order of two ranks by their first numbers that differ; NaN comes last. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] as number;
    if (value === other || (Number.isNaN(value) && Number.isNaN(other))) continue;
    if (Number.isNaN(value) || Number.isNaN(other)) return Number.isNaN(value) ? 1 : -1;
    return value - other;
  }
  return 0;
}
