import type { MlflowClient } from '@label-relaxation/tracking';
import { RunError } from '../errors';

/** Throws a RunError for a run that has no model to do something with. */
export async function checkFinished(client: MlflowClient, runId: string, purpose: string): Promise<void> {
  const { status } = (await client.getRun(runId)).info;
  if (status !== 'FINISHED') {
    throw new RunError(`run ${runId} is ${status}: only a finished run has a model to ${purpose}`);
  }
}
