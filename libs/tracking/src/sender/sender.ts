import type { TransferProgress } from '../client/artifacts';
import { backoffDelay } from '../client/backoff';
import { BatchBuilder, count } from '../client/batches';
import type { MlflowClient } from '../client/client';
import { messageOf, MlflowError } from '../client/errors';
import type { CallOptions } from '../client/http';
import type { MetricEntity } from '../client/types';
import type { Journal, PendingEvent } from '../journal/journal';
import { countEvents, type EventRecord } from '../journal/records';
import {
  checkRefused,
  deliverBatch,
  deliverFile,
  deliverInputs,
  deliverModel,
  deliverStatus,
  StoppedError,
  type Attempt,
  type Delivery,
} from './deliver';
import { checkWriter, deleteTwins, ensureRun } from './ensure-run';

export interface SenderOptions {
  client: MlflowClient;
  journal: Journal;
  /** Milliseconds over which events are collected before they are sent. */
  flushIntervalMs: number;
  restoreDeletedExperiment: boolean;
  /** The journal comes from an earlier process, which may have made the run. */
  mayExist: boolean;
  onWarning: (message: string) => void;
  onProgress: (progress: TransferProgress) => void;
}

export interface DrainOptions {
  /** Milliseconds without anything getting through after which `drain` gives up. */
  idleMs: number;
  /** Milliseconds after which it gives up whatever happens. */
  totalMs: number;
}

/** Codes that can come from two requests that met in the server's database. */
const RACE_TRIES = 3;
/** Tries of a call after which the user is told that the server is in trouble. */
const WARNING_TRIES = 3;
/** Tries that found nobody at the address, or no MLflow server that lets us in, after which a start gives up. */
const HOPELESS_TRIES = 2;
const MAX_BACKOFF_MS = 30_000;
const HURRIED_BACKOFF_MS = 2000;

/**
 * Carries a journal's events to the server in the background, in their order, reading them back from the file so that what waits takes no
 * memory. A server that is slow or gone is tried again for as long as the sender lives.
 */
export class Sender {
  private readonly controller = new AbortController();
  private readonly loop: Promise<void>;
  /** Ends the wait for events, if the sender waits for them. */
  private onEvent: (() => void) | undefined;
  /** Ends the wait for a time, if it may be cut short. */
  private onHurry: (() => void) | undefined;
  private onStop: (() => void) | undefined;
  private hurried = false;
  private progress = 0;
  private mayHaveTwins = false;
  private starting = false;
  /** The user knows that the server is in trouble. */
  private told = false;
  private hopeless = 0;
  /** Why nothing more can be sent, once that is so. */
  failure: MlflowError | undefined;
  /** What went wrong at the last try; undefined when it went well. */
  lastError: MlflowError | undefined;

  constructor(private readonly options: SenderOptions) {
    this.loop = this.run();
  }

  /** Tells that the journal has grown. */
  wake(): void {
    this.onEvent?.();
  }

  /**
   * Waits until the run exists on the server. Rejects with the reason when it cannot be made, when nobody listens at the address, or when it
   * is not there after `timeoutMs`.
   */
  async whenCreated(timeoutMs: number): Promise<void> {
    const { client, journal } = this.options;
    this.starting = true;
    const begun = Date.now();
    while (journal.created === undefined && this.failure === undefined && this.hopeless < HOPELESS_TRIES) {
      if (Date.now() - begun > timeoutMs) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.starting = false;
    if (journal.created !== undefined) return;
    this.told = true;
    const late = `${client.trackingUri} did not answer within ${timeoutMs / 1000} s.`;
    throw this.failure ?? this.lastError ?? new MlflowError(late, { code: 'ETIMEDOUT', retryable: true });
  }

  /** Sends at once what waits; resolves to whether all of it got through. */
  async drain({ idleMs, totalMs }: DrainOptions): Promise<boolean> {
    this.hurried = true;
    this.onEvent?.();
    this.onHurry?.();
    const begun = Date.now();
    let [seen, seenAt] = [this.progress, begun];
    while (!this.idle && this.failure === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (this.progress !== seen) [seen, seenAt] = [this.progress, Date.now()];
      if (Date.now() - seenAt > idleMs || Date.now() - begun > totalMs) break;
    }
    this.hurried = false;
    return this.idle;
  }

  /** Ends the background work, cutting a request that is under way. */
  async stop(): Promise<void> {
    this.controller.abort();
    this.onStop?.();
    await this.loop;
  }

  private get idle(): boolean {
    return this.options.journal.created !== undefined && !this.options.journal.hasPending;
  }

  private get stopped(): boolean {
    return this.controller.signal.aborted;
  }

  private async run(): Promise<void> {
    const { journal } = this.options;
    try {
      await this.create();
      while (!this.stopped) {
        if (!journal.hasPending) {
          await this.nextEvent();
          continue;
        }
        if (!this.hurried) await this.pause(this.options.flushIntervalMs, true);
        await this.sendPending();
      }
    } catch (error) {
      if (this.stopped) return;
      this.failure =
        error instanceof MlflowError ? error : new MlflowError(messageOf(error), { cause: error });
      if (!this.starting)
        this.options.onWarning(`${this.failure.message} What waits stays in ${journal.file}.`);
    }
  }

  private async create(): Promise<void> {
    const { client, journal, restoreDeletedExperiment, mayExist, onWarning } = this.options;
    const attempt: Attempt = (...args) => this.attempt(...args);
    if (journal.created !== undefined) {
      const { runId } = journal.created;
      if (journal.start.exclusive === true && mayExist)
        await attempt((call) => checkWriter(client, runId, journal.key, call));
      return;
    }
    const run = await ensureRun(client, journal, { attempt, restoreDeletedExperiment, mayExist, onWarning });
    this.mayHaveTwins = run.mayHaveTwins;
    journal.append(run.created);
  }

  private async sendPending(): Promise<void> {
    const events = await this.options.journal.pending();
    if (events.length === 0 && !this.stopped) await this.pause(1000, false);
    for (let from = 0; from < events.length && !this.stopped;) {
      let to = from;
      while (to < events.length && isBatchable((events[to] as PendingEvent).record)) to += 1;
      to = Math.max(to, from + 1);
      await this.sendGroup(events.slice(from, to));
      from = to;
    }
  }

  private async sendGroup(group: PendingEvent[]): Promise<void> {
    const delivery = this.delivery();
    const total = group.reduce((sum, { record }) => sum + countEvents(record), 0);
    const [first] = group;
    let result = { rejected: 0, reason: '' };
    if (first !== undefined && !isBatchable(first.record)) {
      try {
        await this.deliver(delivery, first.record);
      } catch (error) {
        await checkRefused(delivery, error);
        result = { rejected: total, reason: messageOf(error) };
        this.options.onWarning(
          `${describe(first.record)} of run ${delivery.run.runId} could not be stored: ${result.reason}`,
        );
      }
    } else {
      result = await this.deliverBatches(delivery, group);
    }
    this.options.journal.acknowledge(group.at(-1)?.end ?? 0, total, result.rejected, result.reason);
  }

  private async deliverBatches(
    delivery: Delivery,
    group: PendingEvent[],
  ): Promise<{ rejected: number; reason: string }> {
    const builder = new BatchBuilder();
    for (const { record } of group) addTo(builder, record);
    let rejected = 0;
    let reason = '';
    for (const batch of builder.take()) {
      if (count(batch) === 0) continue;
      const result = await deliverBatch(delivery, batch);
      rejected += result.rejected;
      reason ||= result.reason;
    }
    return { rejected, reason };
  }

  private async deliver(delivery: Delivery, record: EventRecord): Promise<void> {
    switch (record.type) {
      case 'file':
        return deliverFile(delivery, record);
      case 'inputs':
        return deliverInputs(delivery, record);
      case 'model':
        return deliverModel(delivery, record);
      case 'status': {
        const { client, journal } = this.options;
        if (this.mayHaveTwins)
          await this.attempt((options) => deleteTwins(client, delivery.run, journal.key, options));
        return deliverStatus(delivery, record);
      }
    }
  }

  private delivery(): Delivery {
    const { client, journal, onWarning } = this.options;
    if (journal.created === undefined) throw new MlflowError('The run does not exist yet.');
    return {
      client,
      run: journal.created,
      spoolFolder: journal.spoolFolder,
      attempt: (...args) => this.attempt(...args),
      onWarning,
      onProgress: (progress) => {
        this.progress += 1;
        this.options.onProgress(progress);
      },
    };
  }

  /** Repeats a call until it succeeds, fails for good, or the sender is stopped. */
  private async attempt<T>(
    call: (options: CallOptions) => Promise<T>,
    givesUp: (error: MlflowError) => boolean = () => false,
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      if (this.stopped) throw new StoppedError();
      try {
        const result = await call({ signal: this.controller.signal, retries: 0 });
        this.progress += 1;
        this.lastError = undefined;
        this.told = false;
        return result;
      } catch (error) {
        if (this.stopped) throw new StoppedError();
        if (!(error instanceof MlflowError) || givesUp(error) || !isTransient(error, tries)) throw error;
        this.tell(error, tries);
        if (!error.retryable || !(error.ambiguous || error.status !== undefined)) this.hopeless += 1;
        this.lastError = error;
        const { backoffMs } = this.options.client.connection;
        const maxMs = this.hurried ? HURRIED_BACKOFF_MS : MAX_BACKOFF_MS;
        await this.pause(
          error.retryAfterMs ?? backoffDelay(tries, { baseMs: backoffMs, maxMs }),
          error.retryAfterMs === undefined,
        );
      }
    }
  }

  private tell(error: MlflowError, tries: number): void {
    if (this.told || this.starting || tries < WARNING_TRIES) return;
    this.told = true;
    this.options.onWarning(`${error.message} Logging goes on in ${this.options.journal.file}.`);
  }

  /** Waits until the journal grows, or the sender is to hurry or to stop. Keeps no process alive. */
  private async nextEvent(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onEvent = this.onStop = resolve;
    });
    this.onEvent = this.onStop = undefined;
  }

  /** Waits for a time, which `drain` cuts short if it may and `stop` always does. Keeps no process alive. */
  private async pause(ms: number, mayHurry: boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.onStop = end;
      this.onHurry = mayHurry ? end : undefined;
    });
    this.onStop = this.onHurry = undefined;
  }
}

function isBatchable(record: EventRecord): boolean {
  return record.type === 'metrics' || record.type === 'params' || record.type === 'tags';
}

function addTo(builder: BatchBuilder, record: EventRecord): void {
  if (record.type === 'metrics') {
    for (const [key, value] of Object.entries(record.values)) {
      const metric: MetricEntity = { key, value, timestamp: record.at, step: record.step };
      builder.addMetric(metric);
    }
  } else if (record.type === 'params') {
    for (const [key, value] of Object.entries(record.values)) builder.addParam({ key, value });
  } else if (record.type === 'tags') {
    for (const [key, value] of Object.entries(record.values)) builder.addTag({ key, value });
  }
}

function describe(record: EventRecord): string {
  switch (record.type) {
    case 'file':
      return `The artifact ${record.path}`;
    case 'model':
      return `The model ${record.name}`;
    case 'inputs':
      return `The dataset ${record.datasets.map(({ dataset }) => dataset.name).join(', ')}`;
    default:
      return 'The status';
  }
}

/** Whether trying again may help: the server is in trouble, or what stands before it is, or its credentials are. */
function isTransient(error: MlflowError, tries: number): boolean {
  if (error.retryable || error.status === 401 || error.status === 403) return true;
  if (error.code === 'BAD_REQUEST') return tries < RACE_TRIES;
  if (error.status === undefined) return false;
  return error.status < 400 || (error.status === 404 && error.code === undefined);
}
