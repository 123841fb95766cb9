import type { EndOptions, EndReport, EndStatus, Run } from './run';

/** The runs of this process that have not ended. */
export const openRuns = new Set<Run>();

/**
 * Ends every run of this process that is still open: what an application does on SIGINT and SIGTERM. Children end before their parents.
 * `timeoutMs` (default 5000) bounds the whole.
 */
export async function endOpenRuns(
  status: EndStatus = 'KILLED',
  options: EndOptions = {},
): Promise<EndReport[]> {
  const runs = [...openRuns].reverse();
  return Promise.all(runs.map((run) => run.end(status, { timeoutMs: 5000, ...options })));
}
