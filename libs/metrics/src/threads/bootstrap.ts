import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BootstrapOptions, BootstrapPlan, BootstrapResult } from '../bootstrap/bootstrap';
import { planBootstrap } from '../bootstrap/bootstrap';
import type { BootstrapTask } from '../bootstrap/task';
import { checkWhole } from '../inputs/check';
import type { Targets } from '../inputs/types';
import type { AnyPredictions, Measure, Sample } from '../measure/measure';

/** Options of bootstrapping in threads. */
export interface ThreadOptions extends BootstrapOptions {
  /** Number of threads; as many as the processor runs at once unless given. */
  readonly threads?: number;
}

/** What a thread is asked for: the values with the numbers from `from` to `to` - 1. */
export interface ThreadRequest {
  readonly task: BootstrapTask;
  readonly from: number;
  readonly to: number;
}

/** A part whose arrays all threads read at one place. */
function shared(part: Sample): Sample {
  const entries = Object.entries(part).map(([name, value]) => {
    if (!ArrayBuffer.isView(value)) return [name, value as unknown];
    const given = value as Float64Array;
    const kind = given.constructor as Float64ArrayConstructor;
    const copy = new kind(new SharedArrayBuffer(given.byteLength));
    copy.set(given);
    return [name, copy];
  });
  return Object.fromEntries(entries) as Sample;
}

/** Has a thread compute some values. */
function inThread(request: ThreadRequest): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, `worker${extname(__filename)}`), { workerData: request });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the bootstrap ended with code ${code}`)));
  });
}

async function compute({ task, conclude }: BootstrapPlan, threads: number): Promise<BootstrapResult> {
  const models = task.models.map((parts) => parts.map(shared));
  const count = task.draws + task.leftOut;
  const share = (thread: number): number => Math.floor((thread * count) / threads);
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, i) =>
      inThread({ task: { ...task, models }, from: share(i), to: share(i + 1) }),
    ),
  );
  const values = new Float64Array(count);
  parts.forEach((part, i) => values.set(part, share(i)));
  return conclude(values);
}

function threadsOf({ threads = availableParallelism() }: ThreadOptions): number {
  checkWhole(threads, 'threads', 1);
  return threads;
}

/** As `bootstrap` of `@label-relaxation/metrics`, with the same numbers, shared among threads. */
export async function bootstrap<O extends object>(
  measure: Measure<O>,
  predictions: AnyPredictions,
  targets: Targets,
  options: O & ThreadOptions = {} as O & ThreadOptions,
): Promise<BootstrapResult> {
  return compute(planBootstrap(measure, [predictions], targets, options), threadsOf(options));
}

/** As `pairedBootstrap` of `@label-relaxation/metrics`, with the same numbers, shared among threads. */
export async function pairedBootstrap<O extends object>(
  measure: Measure<O>,
  first: AnyPredictions,
  second: AnyPredictions,
  targets: Targets,
  options: O & ThreadOptions = {} as O & ThreadOptions,
): Promise<BootstrapResult> {
  return compute(planBootstrap(measure, [first, second], targets, options), threadsOf(options));
}
