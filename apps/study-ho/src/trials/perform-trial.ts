import type { RunEvent, RunResult, Scores } from '@label-relaxation/experiments';
import { RunError, scoresOnly } from '@label-relaxation/experiments';
import type { RunEntity } from '@label-relaxation/tracking';
import { claimCheckpoints } from './checkpoint-folder';
import { Abandoned, messageOf } from '../errors';
import type { FinishedTrial } from '../study/outcome';
import { scoresOf } from '../study/outcome';
import { finalParameters, searchParams, trialParameters } from '../study/study';
import type { TrackedStudy } from '../mlflow/tracked-study';
import type { RunRequest } from './trial-process';

/** Performs a run somewhere; throws as `TrialProcess.run` does. */
export type Performer = (request: RunRequest, onEvent: (event: RunEvent) => void) => Promise<RunResult>;

export interface PerformOptions {
  readonly perform: Performer;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

/** The outcome of a trial whose run finished; null for any other. */
export function finishedTrial(alpha: number, run: RunEntity | undefined): FinishedTrial | null {
  if (run?.info.status !== 'FINISHED') return null;
  const scores = scoresOf(run);
  return scores && { alpha, runId: run.info.run_id, status: 'FINISHED', scores, error: null };
}

/** Performs a trial in its run, from its last checkpoint if it has one. Throws a RunError, or the signal's reason. */
export async function performTrial(
  tracked: TrackedStudy,
  alpha: number,
  runId: string,
  options: PerformOptions,
): Promise<FinishedTrial> {
  const parameters = trialParameters(tracked.study, alpha);
  const result = await performIn(tracked, runId, parameters, options);
  return { alpha, runId, status: 'FINISHED', scores: scoresOnly(result), error: null };
}

/** Trains the parent run itself with the chosen alpha and scores it on the test part. Throws as `performTrial` does. */
export async function performFinal(
  tracked: TrackedStudy,
  alpha: number,
  options: PerformOptions,
): Promise<Scores> {
  const parameters = finalParameters(tracked.study, alpha);
  return scoresOnly(await performIn(tracked, tracked.parentRunId, parameters, options));
}

async function performIn(
  tracked: TrackedStudy,
  runId: string,
  parameters: RunRequest['parameters'],
  { perform, onEvent, signal }: PerformOptions,
): Promise<RunResult> {
  const request = {
    parameters: { ...parameters, threads: 0, tracking_uri: tracked.client.trackingUri },
    options: { runId, checkpointDir: claimCheckpoints(runId), params: searchParams(tracked.study) },
  };
  try {
    return await perform(request, onEvent);
  } catch (error) {
    if (error instanceof Abandoned || signal?.reason instanceof Abandoned) throw error;
    const message = messageOf(error);
    const status = signal?.aborted ? 'KILLED' : 'FAILED';
    await tracked.endRun(runId, status, message).catch((trouble: unknown) => {
      throw new RunError(`${message}; MLflow could not be told: ${messageOf(trouble)}`);
    });
    throw error;
  }
}
