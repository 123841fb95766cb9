import type { RunEvent, Scores } from '@label-relaxation/experiments';
import type { Part, SearchProgress } from '../progress';
import type { Study } from '../study/study';

/** What a queue tells of its jobs: whatever stands in Redis. */
export interface QueueNews {
  on(
    event: 'active' | 'stalled' | 'delayed' | 'completed' | 'failed' | 'progress',
    listener: (news: {
      jobId: string;
      returnvalue?: unknown;
      failedReason?: unknown;
      data?: unknown;
    }) => void,
  ): unknown;
}

/** Hands the queue's news of the jobs that it knows on to the view. News that are not of our workers are passed over. */
export class Follower {
  readonly #jobs = new Map<string, { study: Study; part: Part }>();

  constructor(
    events: QueueNews,
    private readonly progress: SearchProgress,
  ) {
    events.on('active', ({ jobId }) => this.#change(jobId, 'running'));
    events.on('stalled', ({ jobId }) => this.#change(jobId, 'waiting'));
    events.on('delayed', ({ jobId }) => this.#change(jobId, 'retrying'));
    events.on('completed', ({ jobId, returnvalue }) => {
      const scores = readScores(returnvalue);
      this.#change(jobId, 'finished', scores ? { scores } : {});
    });
    events.on('failed', ({ jobId, failedReason }) =>
      this.#change(jobId, 'failed', { message: String(failedReason).split('\n')[0]! }),
    );
    events.on('progress', ({ jobId, data }) => {
      const job = this.#jobs.get(jobId);
      if (job && isRunEvent(data)) progress.news(job.study, job.part, data);
    });
  }

  add(id: string, study: Study, part: Part): void {
    this.#jobs.set(id, { study, part });
  }

  #change(
    id: string,
    ...[state, detail]: [Parameters<SearchProgress['change']>[2], Parameters<SearchProgress['change']>[3]?]
  ): void {
    const job = this.#jobs.get(id);
    if (job) this.progress.change(job.study, job.part, state, detail);
  }
}

const isNumber = (value: unknown) => typeof value === 'number';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** What a job returned, if it is scores; BullMQ's events carry it as JSON or read already. */
function readScores(value: unknown): Scores | null {
  let scores = value;
  try {
    if (typeof value === 'string') scores = JSON.parse(value);
  } catch {
    return null;
  }
  const fields = fieldsOf(scores);
  const areThere = ['accuracy', 'ece', 'nll', 'brier'].every((name) => isNumber(fields[name]));
  return areThere ? (scores as Scores) : null;
}

function isRunEvent(value: unknown): value is RunEvent {
  const event = fieldsOf(value);
  const areNumbers = (...names: string[]) => names.every((name) => isNumber(event[name]));
  switch (event['type']) {
    case 'stage':
    case 'warning':
      return typeof event['message'] === 'string';
    case 'batch':
      return areNumbers('epoch', 'epochs', 'step', 'steps', 'loss', 'accuracy', 'secondsLeft');
    case 'epoch':
      return (
        areNumbers('epoch', 'epochs', 'secondsLeft') &&
        isObject(event['metrics']) &&
        Object.values(event['metrics']).every(isNumber)
      );
    default:
      return false;
  }
}
