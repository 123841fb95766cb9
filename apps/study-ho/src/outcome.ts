import type { RunResult, Scores } from '@label-relaxation/experiments';
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
  return { accuracy, ece, nll, brier };
}

/** The scores alone of a run's result. */
export function scoresOnly({ accuracy, ece, nll, brier }: RunResult): Scores {
  return { accuracy, ece, nll, brier };
}

/**
 * The best of the finished trials: of the highest accuracy, or of the lowest ECE; between equals the lower of the
 * other, the ECE or 1 - accuracy, then the smaller alpha. Null where none finished.
 */
export function chooseBest(trials: readonly TrialOutcome[], optimizeEce: boolean): FinishedTrial | null {
  const finished = trials.filter((trial): trial is FinishedTrial => trial.scores !== null);
  const rank = ({ scores: { accuracy, ece }, alpha }: FinishedTrial) =>
    optimizeEce ? [ece, 1 - accuracy, alpha] : [1 - accuracy, ece, alpha];
  const [best] = finished.sort((a, b) => compare(rank(a), rank(b)));
  return best ?? null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] as number);
    if (difference !== 0) return Number.isNaN(difference) ? Number(Number.isNaN(value)) * 2 - 1 : difference;
  }
  return 0;
}
