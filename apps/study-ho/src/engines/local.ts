import type { Scores } from '@label-relaxation/experiments';
import { RunError } from '@label-relaxation/experiments';
import type { MlflowClient, RunEntity } from '@label-relaxation/tracking';
import { messageOf } from '../errors';
import type { StudyOutcome, TrialOutcome } from '../outcome';
import { concludeStudy, performStudy, twice } from '../perform-study';
import type { PerformOptions } from '../perform-trial';
import { finishedTrial, performFinal, performTrial } from '../perform-trial';
import type { Part, SearchProgress } from '../progress';
import { RunLock, refuseHeld, runnerTag, workerTag } from '../run-lock';
import { Slots } from '../slots';
import type { Study } from '../study';
import type { TrackedStudy } from '../tracked-study';
import type { TrialProcess } from '../trial-process';

export interface LocalEngineOptions {
  readonly client: MlflowClient;
  readonly progress: SearchProgress;
  /** Trials at a time. */
  readonly parallel: number;
  readonly cores: number;
  /** TensorFlow's threads in each trial; 0 divides the cores. */
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** Performs studies on this machine, in their order; the outcome of each, or why it could not be had. */
export async function runLocally(
  studies: readonly Study[],
  options: LocalEngineOptions,
): Promise<PromiseSettledResult<StudyOutcome>[]> {
  const slots = new Slots(options.parallel, options.cores, options.threads);
  try {
    const outcomes: Promise<StudyOutcome>[] = [];
    for (const [index, study] of studies.entries()) {
      slots.expectsMore = index < studies.length - 1;
      await slots.whenFree();
      if (options.signal.aborted) break;
      const search = new LocalStudy(study, slots, options);
      const outcome = search.run();
      outcomes.push(outcome);
      await Promise.race([search.queued, Promise.allSettled([outcome])]);
    }
    const settled = await Promise.allSettled(outcomes);
    options.signal.throwIfAborted();
    return settled;
  } finally {
    await slots.close();
  }
}

/** One study on this machine. */
class LocalStudy {
  #markQueued: () => void = () => {};
  /** Resolves when the study's trials wait for their slots. */
  readonly queued = new Promise<void>((resolve) => (this.#markQueued = resolve));

  constructor(
    private readonly study: Study,
    private readonly slots: Slots,
    private readonly options: LocalEngineOptions,
  ) {}

  run(): Promise<StudyOutcome> {
    return performStudy(this.study, this.options, (tracked) => this.#search(tracked));
  }

  async #search(tracked: TrackedStudy): Promise<StudyOutcome> {
    const { client } = this.options;
    refuseHeld(await tracked.parent(), `the final run of ${this.study.name}`, workerTag);
    const lock = await RunLock.take(client, tracked.parentRunId, this.study.name, { tag: runnerTag });
    const signal = AbortSignal.any([this.options.signal, lock.signal]);
    try {
      const trials = await this.#performTrials(tracked, signal);
      return await concludeStudy(tracked, trials, (alpha) => this.#performFinal(tracked, alpha, signal));
    } catch (error) {
      if (this.options.signal.aborted) await tracked.endRun(tracked.parentRunId, 'KILLED', messageOf(error));
      throw error;
    } finally {
      await lock.release();
    }
  }

  async #performTrials(tracked: TrackedStudy, signal: AbortSignal): Promise<TrialOutcome[]> {
    const begun = await tracked.trials();
    const done = new Map<number, TrialOutcome>();
    const performing = this.study.alphas.map(async (alpha) => {
      const run = begun.get(alpha);
      const known = finishedTrial(alpha, run);
      const outcome = known ?? (await this.#performTrial(tracked, alpha, run, signal));
      this.#tell(alpha, outcome, known !== null);
      done.set(alpha, outcome);
      await tracked.noteTrials([...done.values()]);
      return outcome;
    });
    this.#markQueued();
    return allOf(performing);
  }

  async #performTrial(
    tracked: TrackedStudy,
    alpha: number,
    begun: RunEntity | undefined,
    signal: AbortSignal,
  ): Promise<TrialOutcome> {
    let runId = begun?.info.run_id ?? '';
    const attempt = () =>
      this.slots.run(async (process) => {
        signal.throwIfAborted();
        runId ||= (await tracked.createTrial(alpha)).info.run_id;
        this.options.progress.change(this.study, alpha, 'running');
        return performTrial(tracked, alpha, runId, this.#performOptions(alpha, process, signal));
      });
    if (begun) refuseHeld(begun, `alpha ${alpha} of ${this.study.name}`, workerTag);
    try {
      return await twice(attempt, (message) => this.#tellRetry(alpha, message), signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof RunError)) throw error;
      return { alpha, runId, status: 'FAILED', scores: null, error: error.message };
    }
  }

  #performFinal(tracked: TrackedStudy, alpha: number, signal: AbortSignal): Promise<Scores> {
    const attempt = () =>
      this.slots.run(async (process) => {
        signal.throwIfAborted();
        this.options.progress.change(this.study, 'final', 'running');
        return performFinal(tracked, alpha, this.#performOptions('final', process, signal));
      }, true);
    return twice(attempt, (message) => this.#tellRetry('final', message), signal);
  }

  #performOptions(part: Part, process: TrialProcess, signal: AbortSignal): PerformOptions {
    return {
      perform: (request, onEvent) => process.run(request, onEvent, { signal }),
      onEvent: (event) => this.options.progress.news(this.study, part, event),
      signal,
    };
  }

  #tell(alpha: number, { scores, error }: TrialOutcome, isOld: boolean): void {
    if (scores) this.options.progress.change(this.study, alpha, 'finished', { scores, isOld });
    else this.options.progress.change(this.study, alpha, 'failed', { message: error ?? '' });
  }

  #tellRetry(part: Part, message: string): void {
    this.options.progress.change(this.study, part, 'retrying', { message });
  }
}

/** All values, or the first error once nothing goes on any more. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
