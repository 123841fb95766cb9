import { criterionTitle } from '@label-relaxation/experiments';
import type { Study } from './study';
import type { StudyOutcome } from './outcome';

/** What `--json` prints of a study. */
export interface StudyJson {
  readonly parent_run_id: string;
  readonly best_alpha: number | null;
  /** On the test part. */
  readonly accuracy: number | null;
  readonly ece: number | null;
  /** Scored on the validation part. */
  readonly trials: readonly {
    readonly alpha: number;
    readonly seed: number;
    readonly run_id: string;
    readonly accuracy: number | null;
    readonly ece: number | null;
    readonly status: string;
  }[];
}

export function studyJson({ parameters }: Study, outcome: StudyOutcome): StudyJson {
  const { parentRunId, bestAlpha, scores, trials } = outcome;
  return {
    parent_run_id: parentRunId,
    best_alpha: bestAlpha,
    accuracy: scores?.accuracy ?? null,
    ece: scores?.ece ?? null,
    trials: trials.map((trial) => ({
      alpha: trial.alpha,
      seed: parameters.seed,
      run_id: trial.runId,
      accuracy: trial.scores?.accuracy ?? null,
      ece: trial.scores?.ece ?? null,
      status: trial.status,
    })),
  };
}

/** The outcome of a study, for a person. */
export function describeStudy({ name, criterion: chosenBy }: Study, outcome: StudyOutcome): string {
  const { trials, bestAlpha, scores, error, parentUrl } = outcome;
  const criterion = criterionTitle(chosenBy);
  const rows = trials.map(({ alpha, scores: own, error: reason }) => {
    const values = own ? `${own.accuracy.toFixed(4)}    ${own.ece.toFixed(4)}` : `failed: ${reason}`;
    return `  ${String(alpha).padEnd(8)}${values}${alpha === bestAlpha ? `    ${criterion}` : ''}\n`;
  });
  const final = scores
    ? `test part, alpha ${bestAlpha}: accuracy ${scores.accuracy.toFixed(4)}, ECE ${scores.ece.toFixed(4)}\n`
    : `${error}\n`;
  return `${name}\n  alpha   accuracy  ECE (validation part)\n${rows.join('')}${final}run ${parentUrl}\n`;
}
