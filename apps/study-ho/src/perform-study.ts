import type { Scores } from '@label-relaxation/experiments';
import { RunError } from '@label-relaxation/experiments';
import type { MlflowClient, RunEntity } from '@label-relaxation/tracking';
import type { StudyOutcome, TrialOutcome } from './outcome';
import { chooseBest, scoresOf } from './outcome';
import { finishedTrial } from './perform-trial';
import type { SearchProgress } from './progress';
import type { Study } from './study';
import { TrackedStudy } from './tracked-study';

/** Performs a study by `search`, unless MLflow has its final run already. */
export async function performStudy(
  study: Study,
  { client, progress }: { readonly client: MlflowClient; readonly progress: SearchProgress },
  search: (tracked: TrackedStudy) => Promise<StudyOutcome>,
): Promise<StudyOutcome> {
  const tracked = await TrackedStudy.open(client, study);
  progress.begin(study, tracked.runUrl(tracked.parentRunId));
  const known = await finishedStudy(tracked);
  const outcome = known ?? (await search(tracked));
  progress.end(study, outcome, known !== null);
  return outcome;
}

/** The outcome of a study that MLflow has the final run of; null where it hasn't. */
export async function finishedStudy(tracked: TrackedStudy): Promise<StudyOutcome | null> {
  const parent = await tracked.parent();
  const bestAlpha = tracked.bestAlphaOf(parent);
  const scores = scoresOf(parent);
  if (parent.info.status !== 'FINISHED' || bestAlpha === null || scores === null) return null;
  return { ...identity(tracked), bestAlpha, scores, trials: await outcomesInMlflow(tracked), error: null };
}

/**
 * Ends a study whose trials are done: chooses alpha, unless it was chosen before, logs the choice, and performs the
 * final run. The outcome says so where that fails, or where there is nothing to choose from.
 */
export async function concludeStudy(
  tracked: TrackedStudy,
  trials: readonly TrialOutcome[],
  performFinalRun: (alpha: number) => Promise<Scores>,
): Promise<StudyOutcome> {
  const chosen = tracked.bestAlphaOf(await tracked.parent());
  const best = chooseBest(
    trials.filter(({ alpha }) => chosen === null || alpha === chosen),
    tracked.study.criterion,
  );
  await tracked.logTrials(trials, best);
  if (!best) {
    const error = 'all trials failed, so that there is no alpha to choose';
    await tracked.endRun(tracked.parentRunId, 'FAILED', error);
    return openOutcome(tracked, trials, error);
  }
  const outcome = { ...identity(tracked), bestAlpha: best.alpha, trials };
  try {
    return { ...outcome, scores: await performFinalRun(best.alpha), error: null };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { ...outcome, scores: null, error: `the final run failed: ${error.message}` };
  }
}

/** Does a thing, and once more if it failed of itself; `onRetry` is told why. */
export async function twice<T>(
  attempt: () => Promise<T>,
  onRetry: (message: string) => void,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (signal?.aborted || !(error instanceof RunError)) throw error;
    onRetry(error.message);
    return attempt();
  }
}

/** Each trial of a study as MLflow knows it; those that are not finished count as failed. */
export async function outcomesInMlflow(tracked: TrackedStudy): Promise<TrialOutcome[]> {
  const runs = await tracked.trials();
  return tracked.study.alphas.map((alpha) => {
    const run = runs.get(alpha);
    return finishedTrial(alpha, run) ?? failedTrial(alpha, run);
  });
}

function failedTrial(alpha: number, run: RunEntity | undefined): TrialOutcome {
  const error = run?.data.tags.find(({ key }) => key === 'error')?.value ?? 'it was never performed';
  return { alpha, runId: run?.info.run_id ?? '', status: 'FAILED', scores: null, error };
}

/** The outcome of a study that has no final run. */
export function openOutcome(
  tracked: TrackedStudy,
  trials: readonly TrialOutcome[],
  error: string,
): StudyOutcome {
  return { ...identity(tracked), bestAlpha: null, scores: null, trials, error };
}

function identity(tracked: TrackedStudy): Pick<StudyOutcome, 'parentRunId' | 'parentUrl'> {
  return { parentRunId: tracked.parentRunId, parentUrl: tracked.runUrl(tracked.parentRunId) };
}
