import { join } from 'node:path';
import type { MlflowClient } from './client/client';
import { messageOf, MlflowError } from './client/errors';
import type { RunStatus } from './client/types';
import { checkMetric, checkParam, checkTag, checkTogether, limits, truncate } from './client/validation';
import { datasetInput, type Dataset } from './datasets';
import type { Journal } from './journal/journal';
import { localRunId, type EventRecord } from './journal/records';
import { artifactPath, checkFile, filesBelow, Spool } from './journal/spool';
import { keepModel, type LogModelOptions } from './log-model';
import { openRuns } from './open-runs';
import { systemMetricsInterval, type TrackingOptions } from './options';
import type { Sender } from './sender/sender';
import { SystemMonitor } from './system-metrics';

/** When a metric was measured: the step alone, or step and time. */
export type MetricTime = number | { step?: number; timestamp?: number };

/** How a run may end. */
export type EndStatus = Extract<RunStatus, 'FINISHED' | 'FAILED' | 'KILLED'>;

export interface EndOptions {
  /** Why the run failed; kept in the tag `error`. */
  error?: unknown;
  /** Milliseconds in all that the end waits for the server, in place of the run's `endTimeoutMs`. */
  timeoutMs?: number;
}

/** What became of a run's events. One event is a metric point, a param, a tag, a file, a dataset or a change of status. */
export interface EndReport {
  runId: string;
  status: EndStatus;
  logged: number;
  sent: number;
  rejected: number;
  /** Events that wait in `journalFile`. */
  waiting: number;
  /** Undefined if nothing waits: the journal is then deleted. */
  journalFile: string | undefined;
  /** One line for the user; undefined if all is stored. */
  message: string | undefined;
}

/** What a run is made of; `startRun` and `resumeRun` make it. */
export interface RunParts {
  journal: Journal;
  sender: Sender | undefined;
  client: MlflowClient | undefined;
  options: TrackingOptions;
  /** Params that the server has already. */
  knownParams: Map<string, string>;
}

/**
 * A run that is being logged. Every call writes to the journal and returns; the server is told in the background. What the server would
 * refuse or drop throws an `MlflowError` at once; trouble with the server never does.
 */
export class Run {
  private readonly spool: Spool;
  private readonly datasets = new Map<string, string>();
  private readonly copies = new Set<Promise<unknown>>();
  private readonly failures: unknown[] = [];
  private readonly monitor: NodeJS.Timeout | undefined;
  private copied = 0;
  private ended: Promise<EndReport> | undefined;

  constructor(private readonly parts: RunParts) {
    this.spool = new Spool(parts.journal.spoolFolder);
    this.monitor = this.startMonitor();
    openRuns.add(this);
  }

  /** The server's id of the run; `local-...` as long as no server knows it. */
  get id(): string {
    const { created, start, key } = this.parts.journal;
    return created?.runId ?? start.resume ?? localRunId(key);
  }

  /** Name of the run in the UI; the server chooses one if none was given. */
  get name(): string | undefined {
    return this.parts.journal.created?.runName ?? this.parts.journal.start.runName;
  }

  /** Undefined as long as no server knows the run. */
  get experimentId(): string | undefined {
    return this.parts.journal.created?.experimentId;
  }

  /** Page of the run in the UI; undefined as long as no server knows the run. */
  get url(): string | undefined {
    const { client, journal } = this.parts;
    return client === undefined || journal.created === undefined
      ? undefined
      : client.runUrl(journal.created.experimentId, journal.created.runId);
  }

  get trackingUri(): string | undefined {
    return this.parts.client?.trackingUri;
  }

  get journalFile(): string {
    return this.parts.journal.file;
  }

  /** The options the run was started with. */
  get options(): TrackingOptions {
    return this.parts.options;
  }

  /** The experiment as it was named at the start. */
  get experiment(): { name: string } | { id: string } | undefined {
    return this.parts.journal.start.experiment;
  }

  /** Logs one point of a metric; NaN and infinities are kept. */
  logMetric(key: string, value: number, time: MetricTime = {}): void {
    this.logMetrics({ [key]: value }, time);
  }

  /** Logs one point of each metric, all at the same step and time, or none of them if one is wrong. */
  logMetrics(metrics: Record<string, number>, time: MetricTime = {}): void {
    const { step = 0, timestamp = Date.now() } = typeof time === 'number' ? { step: time } : time;
    const points = checkTogether(metrics, (key, value) => checkMetric(key, value, step, timestamp));
    if (points.length === 0) return;
    this.append({ type: 'metrics', at: timestamp, step, values: byKey(points) });
  }

  /** Logs a param. Throws if it was logged with another value. */
  logParam(key: string, value: unknown): void {
    this.logParams({ [key]: value });
  }

  /** Logs params, or none of them if one is wrong. */
  logParams(params: Record<string, unknown>): void {
    const { journal, knownParams } = this.parts;
    const checked = checkTogether(params, (key, given) => {
      const { value } = checkParam(key, given);
      const known = journal.params.get(key) ?? knownParams.get(key);
      if (known !== undefined && known !== value) {
        throw new MlflowError(
          `The param "${key}" was logged as "${truncate(known, 80)}" and cannot become "${truncate(value, 80)}": params never change.`,
        );
      }
      return { key, value };
    });
    if (checked.length > 0) this.append({ type: 'params', values: byKey(checked) });
  }

  setTag(key: string, value: unknown): void {
    this.setTags({ [key]: value });
  }

  /** Sets tags, or none of them if one is wrong; a tag that is set again changes. */
  setTags(tags: Record<string, unknown>): void {
    const checked = checkTogether(tags, checkTag);
    if (checked.length > 0) this.append({ type: 'tags', values: byKey(checked) });
  }

  /** Stores a text as the artifact `path`, such as `model_summary.txt`. */
  logText(text: string, path: string): void {
    this.keep(text, path);
  }

  /** Stores a value as the JSON artifact `path`. */
  logJson(value: unknown, path: string): void {
    const text = JSON.stringify(value, null, 2);
    if (text === undefined)
      throw new MlflowError(`The artifact "${path}" cannot be made: the value has no JSON.`);
    this.keep(`${text}\n`, path);
  }

  /** Stores a picture, an SVG text or the bytes of any format, as the artifact `path`. */
  logFigure(figure: string | Uint8Array, path: string): void {
    if (typeof figure === 'string' && !path.endsWith('.svg')) {
      throw new MlflowError(
        `The artifact "${path}" is given as a text, which only an SVG picture can be: name it .svg.`,
      );
    }
    this.keep(figure, path);
  }

  /** Stores a file in a folder of the run's artifacts. Once it resolves the file may change or go. */
  logArtifact(file: string, folder?: string): Promise<void> {
    return this.copying(async () => {
      const path = artifactPath(await checkFile(file), folder);
      this.append({ type: 'file', path, spool: await this.spool.copy(this.nextName(), file) });
    });
  }

  /** Stores what is in a folder, with its folders, or none of it if a name is wrong. Once it resolves the files may change or go. */
  logArtifacts(folder: string, to?: string): Promise<void> {
    return this.copying(async () => {
      const names = (await filesBelow(folder)).map((file) => [file, file]);
      const files = checkTogether(Object.fromEntries(names), (file) => ({
        file,
        path: artifactPath(file, to),
      }));
      for (const { file, path } of files) {
        this.append({
          type: 'file',
          path,
          spool: await this.spool.copy(this.nextName(), join(folder, file)),
        });
      }
    });
  }

  /** Says that the run reads a dataset; `context` is `train`, `eval` or what you like. */
  logInput(dataset: Dataset, context?: string): void {
    const input = datasetInput(dataset, context);
    const id = `${dataset.name} ${dataset.digest}`;
    const other = this.datasets.get(id);
    if (other !== undefined && other !== (context ?? '')) {
      throw new MlflowError(
        `The dataset "${dataset.name}" with the digest ${dataset.digest} was logged as "${other}" and cannot be "${context ?? ''}" too: MLflow keeps one context. Give each part a digest of its own.`,
      );
    }
    this.datasets.set(id, context ?? '');
    this.append({ type: 'inputs', datasets: [input] });
  }

  /**
   * Logs a folder as a model, to be loaded by `runs:/<run id>/<name>`. With `description` the folder holds a TensorFlow SavedModel and the
   * `MLmodel` file is written. Once it resolves the folder may go.
   */
  logModel(folder: string, options: LogModelOptions = {}): Promise<void> {
    return this.copying(async () => {
      this.append(await keepModel(this.spool, this.nextName(), folder, options));
    });
  }

  /** Sends what waits and resolves to whether all of it is stored; waits at most `timeoutMs`, by default the run's `endTimeoutMs`. */
  async flush(timeoutMs?: number): Promise<boolean> {
    await Promise.allSettled(this.copies);
    await this.parts.journal.sync();
    return (await this.parts.sender?.drain(this.patience(timeoutMs))) ?? false;
  }

  /** Ends the run: sends what waits, within a bounded time, and says what could not be sent. Never throws. Further calls return the same report. */
  end(status: EndStatus = 'FINISHED', options: EndOptions = {}): Promise<EndReport> {
    this.ended ??= this.finish(status, options);
    return this.ended;
  }

  private async finish(status: EndStatus, options: EndOptions): Promise<EndReport> {
    clearInterval(this.monitor);
    openRuns.delete(this);
    const { journal, sender } = this.parts;
    if (options.error !== undefined) {
      this.write({
        type: 'tags',
        values: { error: truncate(describeError(options.error), limits.tagValue) },
      });
    }
    await Promise.allSettled(this.copies);
    for (const error of this.failures) if (error !== options.error) this.warn(messageOf(error));
    this.write({ type: 'status', status, at: Date.now() });
    await journal.sync();
    const done = (await sender?.drain(this.patience(options.timeoutMs))) ?? false;
    await sender?.stop();
    const report = this.report(status, done);
    if (done) journal.remove();
    else journal.close();
    if (report.message !== undefined) this.warn(report.message);
    return report;
  }

  private report(status: EndStatus, done: boolean): EndReport {
    const { journal, sender, options } = this.parts;
    const { logged, sent, rejected } = journal.counts;
    const cause = sender?.failure ?? sender?.lastError;
    const how = options.syncCommand ?? 'syncJournal()';
    const waiting = journal.waiting === 1 ? '1 event' : `${journal.waiting} events`;
    const why = cause === undefined ? '' : ` (${cause.message})`;
    const message = `${waiting} of run ${this.id} ${journal.waiting === 1 ? 'waits' : 'wait'} in ${journal.file}${why}; to send: ${how}`;
    return {
      runId: this.id,
      status,
      logged,
      sent,
      rejected,
      waiting: journal.waiting,
      journalFile: done ? undefined : journal.file,
      message: done ? undefined : message,
    };
  }

  private patience(timeoutMs: number | undefined) {
    const idleMs = this.parts.options.endTimeoutMs ?? 30_000;
    return timeoutMs === undefined
      ? { idleMs, totalMs: idleMs * 10 }
      : { idleMs: timeoutMs, totalMs: timeoutMs };
  }

  private append(record: EventRecord): void {
    if (this.ended !== undefined)
      throw new MlflowError(`The run ${this.id} has ended: nothing more can be logged to it.`);
    this.write(record);
  }

  private write(record: EventRecord): void {
    this.parts.journal.append(record);
    this.parts.sender?.wake();
  }

  /** Keeps a small artifact. A full disk is told, not thrown. */
  private keep(content: string | Uint8Array, path: string): void {
    const checked = artifactPath(path);
    let spool: string;
    try {
      spool = this.spool.write(this.nextName(), content);
    } catch (error) {
      this.warn(`The artifact ${path} of run ${this.id} is lost: ${messageOf(error)}`);
      return;
    }
    this.append({ type: 'file', path: checked, spool });
  }

  /** Runs a copy that `end` waits for. As nobody may await it, a failure is told at the end, too, unless the run ends by it. */
  private copying(copy: () => Promise<void>): Promise<void> {
    const promise = copy();
    this.copies.add(promise);
    promise.then(
      () => this.copies.delete(promise),
      (error: unknown) => {
        this.copies.delete(promise);
        this.failures.push(error);
      },
    );
    return promise;
  }

  private nextName(): string {
    this.copied += 1;
    return `${Date.now().toString(36)}-${this.copied}`;
  }

  private startMonitor(): NodeJS.Timeout | undefined {
    const interval = systemMetricsInterval(this.parts.options);
    if (interval === undefined) return undefined;
    const monitor = new SystemMonitor();
    let step = 0;
    const timer = setInterval(() => {
      void monitor.read().then((values) => {
        if (this.ended === undefined) this.logMetrics(values, step);
        step += 1;
      });
    }, interval);
    return timer.unref();
  }

  private warn(message: string): void {
    this.parts.options.onWarning?.(message);
  }
}

function byKey<T>(entries: readonly { key: string; value: T }[]): Record<string, T> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
