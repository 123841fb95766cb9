import { availableParallelism } from 'node:os';
import type { GivenParameters, RunEvent, Scores } from '@label-relaxation/experiments';
import { RunError } from '@label-relaxation/experiments';
import type { Job } from 'bullmq';
import { UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Abandoned, messageOf } from './errors';
import { concludeStudy, finishedStudy, outcomesInMlflow } from './perform-study';
import type { PerformOptions } from './perform-trial';
import { finishedTrial, performFinal, performTrial } from './perform-trial';
import type { SearchProgress } from './progress';
import type { StudyJob } from './queue';
import { connectionTo, queueName, redisAddress } from './queue';
import { RunLock, workerTag } from './run-lock';
import { Slots } from './slots';
import { clientFor, TrackedStudy } from './tracked-study';
import { createView } from './views/view';

/** A job whose worker was not heard of for so long is taken over by another one. */
const lockMs = 30_000;
/** A job whose lock was not renewed for so long is given up before another worker can take it over. */
const overdueMs = 0.8 * lockMs;
/** Locks are renewed every half of their time: the process of a trial whose worker hangs ends before the other half is over. */
const patienceMs = lockMs / 3;
const stalledCheckMs = 5_000;
/** How often a job may lose its worker. */
const maxTakeovers = 10;
const reportMs = 1_000;

/** Takes trials and final runs from the queue until `signal` is aborted, whose reason is then thrown. */
export async function work(given: GivenParameters, signal: AbortSignal): Promise<never> {
  const connection = await connectionTo(redisAddress(given.redis));
  const view = createView(process.stderr, given.cluster_job ?? false);
  const parallel = given.parallel || 1;
  const slots = new Slots(parallel, availableParallelism(), given.threads ?? 0);
  slots.expectsMore = true;
  const owned = new OwnedJobs();
  const perform = async (job: Job<StudyJob, Scores>, token?: string): Promise<Scores> => {
    const { study, part } = job.data;
    const stopOrLoss = AbortSignal.any([signal, owned.add(job.id as string)]);
    try {
      return await new QueuedWork(job, given, slots, view, stopOrLoss).perform();
    } catch (error) {
      const isGivenUp = signal.aborted || error instanceof Abandoned;
      view.change(study, part, isGivenUp ? 'waiting' : 'failed', { message: messageOf(error) });
      if (!isGivenUp) throw error;
      // Of no effect where another worker has the job already.
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      owned.delete(job.id as string);
    }
  };
  const worker = new Worker<StudyJob, Scores>(queueName, perform, {
    connection,
    concurrency: parallel,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: maxTakeovers,
  });
  worker.on('error', (error) => view.warn(`Redis: ${messageOf(error)}`));
  worker.on('locksRenewed', ({ jobIds }) => jobIds.forEach((id) => owned.renew(id)));
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => owned.lose(id)));
  await worker.waitUntilReady();
  process.stderr.write(`waiting for trials, ${parallel} at a time; Ctrl+C stops\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  await slots.close();
  owned.close();
  throw signal.reason;
}

/** The jobs that this worker has, each as long as its lock is renewed in time. */
class OwnedJobs {
  readonly #jobs = new Map<string, { controller: AbortController; renewedAt: number }>();
  readonly #timer = setInterval(() => this.#loseOverdue(), lockMs / 10);

  /** The signal that is aborted when another worker may have the job. */
  add(id: string): AbortSignal {
    const controller = new AbortController();
    this.#jobs.set(id, { controller, renewedAt: Date.now() });
    return controller.signal;
  }

  renew(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.renewedAt = Date.now();
  }

  lose(id: string): void {
    this.#jobs.get(id)?.controller.abort(new Abandoned('another worker has taken it over'));
  }

  delete(id: string): void {
    this.#jobs.delete(id);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #loseOverdue(): void {
    for (const [id, { renewedAt }] of this.#jobs) if (Date.now() - renewedAt > overdueMs) this.lose(id);
  }
}

/** One job of the queue on this worker. */
class QueuedWork {
  readonly #tracked: TrackedStudy;
  #reported = 0;

  constructor(
    private readonly job: Job<StudyJob, Scores>,
    given: GivenParameters,
    private readonly slots: Slots,
    private readonly view: SearchProgress,
    private readonly signal: AbortSignal,
  ) {
    const { study, place, trackingUri } = job.data;
    const parameters = { ...study.parameters, data_dir: given.data_dir ?? study.parameters.data_dir };
    const client = clientFor(given.tracking_uri ?? trackingUri);
    this.#tracked = new TrackedStudy(client, { ...study, parameters }, place);
  }

  async perform(): Promise<Scores> {
    const { study, part } = this.job.data;
    this.view.change(study, part, 'running');
    const scores = part === 'final' ? await this.#performFinal() : await this.#performTrial(part);
    this.view.change(study, part, 'finished', { scores });
    return scores;
  }

  /** The scores of a trial: those in MLflow if it finished, though its worker may have died before it could say so. */
  async #performTrial(alpha: number): Promise<Scores> {
    const tracked = this.#tracked;
    const begun = (await tracked.trials()).get(alpha);
    const known = finishedTrial(alpha, begun);
    if (known?.scores) return known.scores;
    if (begun) await tracked.adopt(begun);
    const { run_id: runId } = (begun ?? (await tracked.createTrial(alpha))).info;
    const { scores } = await this.#holding(runId, (options) => performTrial(tracked, alpha, runId, options));
    return scores;
  }

  async #performFinal(): Promise<Scores> {
    const tracked = this.#tracked;
    const known = await finishedStudy(tracked);
    if (known?.scores) return known.scores;
    const { scores, bestAlpha, error } = await concludeStudy(
      tracked,
      await outcomesInMlflow(tracked),
      (alpha) => this.#holding(tracked.parentRunId, (options) => performFinal(tracked, alpha, options)),
    );
    if (scores) return scores;
    const message = error ?? 'there is no final run';
    throw bestAlpha === null ? new UnrecoverableError(message) : new RunError(message);
  }

  /** Performs a run that the queue gave to this worker, as long as no other one takes it over. */
  async #holding<T>(runId: string, work: (options: PerformOptions) => Promise<T>): Promise<T> {
    const lock = await RunLock.take(this.#tracked.client, runId, this.job.name, {
      tag: workerTag,
      force: true,
    });
    const signal = AbortSignal.any([this.signal, lock.signal]);
    try {
      return await this.slots.run((process) =>
        work({
          perform: (request, onEvent) => process.run(request, onEvent, signal),
          onEvent: (event) => this.#report(event),
          signal,
          patienceMs,
        }),
      );
    } finally {
      if (!signal.aborted || !(signal.reason instanceof Abandoned)) await lock.release();
    }
  }

  #report(event: RunEvent): void {
    const now = Date.now();
    this.view.news(this.job.data.study, this.job.data.part, event);
    if (event.type === 'batch' && now - this.#reported < reportMs) return;
    this.#reported = now;
    this.job.updateProgress(event).catch(() => {
      // Only the view of the search lacks it.
    });
  }
}
