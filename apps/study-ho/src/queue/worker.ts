import { availableParallelism } from 'node:os';
import type { GivenParameters, RunEvent, Scores } from '@label-relaxation/experiments';
import { MissingInput, RunError } from '@label-relaxation/experiments';
import { MlflowClient } from '@label-relaxation/tracking';
import type { Job } from 'bullmq';
import { DelayedError, ErrorCode, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Abandoned, Lacking, messageOf } from '../errors';
import { JobLease } from './lease';
import { nameServer } from '../mlflow/name-server';
import { concludeStudy, finishedStudy, outcomesInMlflow } from '../study/perform-study';
import type { PerformOptions } from '../trials/perform-trial';
import { finishedTrial, performFinal, performTrial } from '../trials/perform-trial';
import type { SearchProgress } from '../progress';
import type { StudyJob } from './queue';
import { connectionTo, isStudyJob, queueName, redisAddress } from './queue';
import { RunLock, workerTag } from '../mlflow/run-lock';
import { Slots } from '../trials/slots';
import { TrackedStudy } from '../mlflow/tracked-study';
import { createView } from '../views/view';

/** How often a job may lose its worker. */
const maxTakeovers = 10;
const reportMs = 1_000;
/** How long a job waits that this machine hasn't got what it needs for. */
const lackingMs = 5_000;

export interface WorkerTiming {
  /** Milliseconds after which a job whose worker was not heard of is taken over by another one. */
  readonly lockMs?: number;
}

/** Takes trials and final runs from the queue until `signal` is aborted, whose reason is then thrown. */
export async function work(
  given: GivenParameters,
  signal: AbortSignal,
  { lockMs = 30_000 }: WorkerTiming = {},
): Promise<never> {
  const connection = await connectionTo(redisAddress(given.redis));
  if (given.tracking_uri) nameServer(given.tracking_uri);
  const view = createView(process.stderr, given.cluster_job ?? false);
  const parallel = given.parallel || 1;
  const slots = new Slots(parallel, availableParallelism(), given.threads ?? 0);
  slots.expectsMore = true;
  const perform = async (job: Job<StudyJob, Scores>, token = ''): Promise<Scores> => {
    if (!isStudyJob(job.data))
      throw new UnrecoverableError('the job is none of study-ho, or of another version');
    const { study, part } = job.data;
    const lease = await JobLease.begin(async () => (await job.extendLock(token, lockMs)) === 1, lockMs);
    try {
      return await new QueuedWork(job, given, slots, view, signal, lease).perform();
    } catch (error) {
      const isGivenUp = signal.aborted || lease.isOver || error instanceof Abandoned;
      view.change(study, part, isGivenUp ? 'waiting' : 'failed', { message: messageOf(error) });
      if (!isGivenUp) throw error;
      if (error instanceof Lacking && !signal.aborted && !lease.isOver) {
        // Meanwhile others may take it.
        await giveBack(() => job.moveToDelayed(Date.now() + lackingMs, token));
        throw new DelayedError();
      }
      if (!lease.isOver) await giveBack(() => job.moveToWait(token));
      throw new WaitingError();
    } finally {
      lease.close();
    }
  };
  const worker = new Worker<StudyJob, Scores>(queueName, perform, {
    connection,
    concurrency: parallel,
    lockDuration: lockMs,
    skipLockRenewal: true,
    stalledInterval: Math.ceil(lockMs / 6),
    maxStalledCount: maxTakeovers,
  });
  worker.on('error', (error) => view.warn(isLostJob(error) ? lostJob : `Redis: ${messageOf(error)}`));
  await worker.waitUntilReady();
  process.stderr.write(`waiting for trials, ${parallel} at a time; Ctrl+C stops\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  await slots.close();
  throw signal.reason;
}

const lostJob = 'another worker took a trial over that this one was about to hand in: its result counts';

/** Has a trial given back that this machine hasn't got what it needs for. */
function handOn(error: unknown): never {
  throw error instanceof MissingInput
    ? new Lacking(`this machine lacks what it needs: ${error.message}`)
    : error;
}

/** Puts a job back for another worker, unless one has it already. */
async function giveBack(move: () => Promise<unknown>): Promise<void> {
  try {
    await move();
  } catch (error) {
    if (!isLostJob(error)) throw error;
  }
}

/** Whether BullMQ says of a job that it is no longer this worker's: gone, without our lock, or in another state. */
function isLostJob(error: unknown): boolean {
  const codes: unknown[] = [
    ErrorCode.JobNotExist,
    ErrorCode.JobLockNotExist,
    ErrorCode.JobLockMismatch,
    ErrorCode.JobNotInState,
  ];
  return codes.includes((error as { code?: unknown }).code);
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
    private readonly stop: AbortSignal,
    private readonly lease: JobLease,
  ) {
    const { study, place, trackingUri } = job.data;
    const parameters = {
      ...study.parameters,
      data_dir: given.data_dir ?? study.parameters.data_dir,
      memory: given.memory ?? study.parameters.memory,
    };
    const client = new MlflowClient({
      trackingUri: given.tracking_uri ?? trackingUri,
      beforeSend: () => lease.check(),
    });
    this.#tracked = new TrackedStudy(client, { ...study, parameters }, place);
  }

  async perform(): Promise<Scores> {
    const { study, part } = this.job.data;
    this.view.change(study, part, 'running');
    const { info } = await this.#tracked.parent();
    if (info.lifecycle_stage === 'deleted')
      throw new UnrecoverableError('the run of its search was deleted: give the search again');
    const scores = part === 'final' ? await this.#performFinal() : await this.#performTrial(part);
    this.lease.check();
    this.view.change(study, part, 'finished', { scores });
    return scores;
  }

  /** The scores of a trial: those in MLflow if it finished, though its worker may have died before it could say so. */
  async #performTrial(alpha: number): Promise<Scores> {
    const tracked = this.#tracked;
    const begun = (await tracked.trials()).get(alpha);
    const known = finishedTrial(alpha, begun);
    if (known?.scores) return known.scores;
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
    const signal = AbortSignal.any([this.stop, this.lease.signal, lock.signal]);
    try {
      return await this.slots.run((process) =>
        work({
          perform: (request, onEvent) =>
            process.run(request, onEvent, { signal, lease: this.lease }).catch(handOn),
          onEvent: (event) => this.#report(event),
          signal,
        }),
      );
    } finally {
      if (!signal.aborted || !(signal.reason instanceof Abandoned)) await lock.release();
    }
  }

  #report(event: RunEvent): void {
    const now = Date.now();
    this.view.news(this.job.data.study, this.job.data.part, event);
    if (this.lease.isOver || (event.type === 'batch' && now - this.#reported < reportMs)) return;
    this.#reported = now;
    this.job.updateProgress(event).catch(() => {
      // Only the view of the search lacks it.
    });
  }
}
