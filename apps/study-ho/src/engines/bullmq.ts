import type { MlflowClient } from '@label-relaxation/tracking';
import type { FlowJob, Job, JobsOptions } from 'bullmq';
import { FlowProducer, Queue, QueueEvents } from 'bullmq';
import { messageOf } from '../errors';
import type { StudyOutcome } from '../study/outcome';
import { finishedStudy, openOutcome, outcomesInMlflow, performStudy } from '../study/perform-study';
import { finishedTrial } from '../trials/perform-trial';
import type { Part, SearchProgress } from '../progress';
import { Follower } from '../queue/follower';
import type { StudyJob } from '../queue/queue';
import { connectionTo, jobId, queueName } from '../queue/queue';
import { RunLock, runnerTag } from '../mlflow/run-lock';
import type { Study } from '../study/study';
import type { TrackedStudy } from '../mlflow/tracked-study';

const weekInSeconds = 7 * 24 * 3600;
const jobOptions: JobsOptions = {
  attempts: 2,
  backoff: { type: 'fixed', delay: 1000 },
  removeOnComplete: { age: weekInSeconds },
  removeOnFail: { age: weekInSeconds },
};

export interface QueueEngineOptions {
  readonly client: MlflowClient;
  readonly progress: SearchProgress;
  readonly redis: string;
  readonly signal: AbortSignal;
}

/** Puts studies on the queue and follows them; the outcome of each, or why it could not be had. */
export async function runOnQueue(
  studies: readonly Study[],
  options: QueueEngineOptions,
): Promise<PromiseSettledResult<StudyOutcome>[]> {
  const connection = await connectionTo(options.redis);
  const queue = new Queue<StudyJob>(queueName, { connection });
  const flows = new FlowProducer({ connection });
  const events = new QueueEvents(queueName, { connection });
  const warn = (error: Error) => options.progress.warn(`Redis: ${messageOf(error)}`);
  queue.on('error', warn);
  flows.on('error', warn);
  events.on('error', warn);
  try {
    await events.waitUntilReady();
    const followed = new Follower(events, options.progress);
    const searches = studies.map((study) =>
      new QueuedStudy(study, { queue, flows, events, followed, ...options }).run(),
    );
    const settled = await Promise.allSettled(searches);
    options.signal.throwIfAborted();
    return settled;
  } finally {
    await Promise.all([queue.close(), flows.close(), events.close()]);
  }
}

interface QueuedStudyOptions extends QueueEngineOptions {
  readonly queue: Queue<StudyJob>;
  readonly flows: FlowProducer;
  readonly events: QueueEvents;
  readonly followed: Follower;
}

/** One study on the queue. */
class QueuedStudy {
  constructor(
    private readonly study: Study,
    private readonly options: QueuedStudyOptions,
  ) {}

  run(): Promise<StudyOutcome> {
    return performStudy(this.study, this.options, (tracked) => this.#search(tracked));
  }

  async #search(tracked: TrackedStudy): Promise<StudyOutcome> {
    const { client, signal, events, progress } = this.options;
    const lock = await RunLock.take(client, tracked.parentRunId, this.study.name, { tag: runnerTag });
    try {
      const final = await this.#submit(tracked);
      const failure = await waitFor(final, events, AbortSignal.any([signal, lock.signal]));
      const finished = await finishedStudy(tracked);
      if (finished) return finished;
      return openOutcome(
        tracked,
        await outcomesInMlflow(tracked),
        failure ?? 'the final run is not finished',
      );
    } catch (error) {
      if (signal.aborted)
        progress.warn(`${this.study.name} stays on the queue; the same command follows it again`);
      throw error;
    } finally {
      await lock.release();
    }
  }

  /** The job of the study's final run: the one that waits or works, else a new one that depends on the trials to do. */
  async #submit(tracked: TrackedStudy): Promise<Job> {
    const { queue, flows, followed, progress } = this.options;
    const begun = await tracked.trials();
    const children: NonNullable<FlowJob['children']> = [];
    followed.add(jobId(tracked.place, 'final'), this.study, 'final');
    for (const alpha of this.study.alphas) {
      followed.add(jobId(tracked.place, alpha), this.study, alpha);
      const known = finishedTrial(alpha, begun.get(alpha));
      if (known) progress.change(this.study, alpha, 'finished', { scores: known.scores, isOld: true });
      else
        children.push({
          ...this.#job(tracked, alpha),
          opts: { ...this.#options(tracked, alpha), ignoreDependencyOnFailure: true },
        });
    }
    const standing = await queue.getJob(jobId(tracked.place, 'final'));
    if (standing && !(await isOver(standing))) return standing;
    await standing?.remove();
    for (const { opts } of children) {
      const left = await queue.getJob(opts?.jobId as string);
      if (left && (await isOver(left))) await left.remove();
    }
    const { job } = await flows.add({
      ...this.#job(tracked, 'final'),
      opts: this.#options(tracked, 'final'),
      children,
    });
    return job;
  }

  #job({ place, client }: TrackedStudy, part: Part): FlowJob {
    const data: StudyJob = { study: this.study, place, trackingUri: client.trackingUri, part };
    return { name: `${this.study.name}, ${part}`, queueName, data };
  }

  #options({ place }: TrackedStudy, part: Part): JobsOptions {
    return { ...jobOptions, jobId: jobId(place, part) };
  }
}

async function isOver(job: Job): Promise<boolean> {
  return ['completed', 'failed', 'unknown'].includes(await job.getState());
}

/** Waits for a job's end: null if it completed, else why it failed. Throws the signal's reason. */
async function waitFor(job: Job, events: QueueEvents, signal: AbortSignal): Promise<string | null> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const ended = job.waitUntilFinished(events).then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  return Promise.race([ended, stopped]);
}
