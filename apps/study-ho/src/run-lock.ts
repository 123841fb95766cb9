import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '@label-relaxation/experiments';
import type { MlflowClient, RunEntity } from '@label-relaxation/tracking';
import { Abandoned } from './errors';
import type { Holder } from './holder';
import { isAlive, isSame, parseHolder, thisProcess } from './holder';

/** The tag of a study's parent: the process that runs the search. */
export const runnerTag = 'study_runner';
/** The tag of a trial or a final run that was put on a queue: the process that performs it. */
export const workerTag = 'study_worker';

const released = 'none';
const beatMs = 20_000;
/** Longer than it takes a rival that saw no holder to write itself as one. */
const settleMs = 400;

export interface RunLockOptions {
  readonly tag: string;
  /** Take the run whoever has it, where something else decided that it is ours. */
  readonly force?: boolean;
}

/**
 * Holds an MLflow run for this process: a tag says who works on it and when that process was last heard of. A holder
 * that was killed is recognised by its process, or on another machine by its silence. Of two that come at once the last
 * one to write has it; should both believe so, the loser finds out at its next beat and its signal is aborted.
 */
export class RunLock {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  private constructor(
    private readonly client: MlflowClient,
    private readonly runId: string,
    private readonly name: string,
    private readonly tag: string,
  ) {
    this.#timer = setInterval(() => void this.#beat(), beatMs).unref();
  }

  /** Takes a run. Throws a RunError that names the process that has it. */
  static async take(
    client: MlflowClient,
    runId: string,
    name: string,
    { tag, force = false }: RunLockOptions,
  ): Promise<RunLock> {
    if (!force) refuseHeld(await client.getRun(runId), name, tag);
    await client.setTag(runId, tag, JSON.stringify(thisProcess()));
    if (!force) {
      await sleep(settleMs);
      refuseHeld(await client.getRun(runId), name, tag);
    }
    return new RunLock(client, runId, name, tag);
  }

  /** Aborted when another process took the run over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (this.signal.aborted) return;
    await this.client.setTag(this.runId, this.tag, released).catch(() => {
      // The end of this process, or its silence, releases it as well.
    });
  }

  async #beat(): Promise<void> {
    try {
      const asked = Date.now();
      const holder = holderOf(await this.client.getRun(this.runId), this.tag);
      if (holder && !isSame(holder, thisProcess())) {
        clearInterval(this.#timer);
        this.#controller.abort(new Abandoned(busy(this.name, holder)));
        return;
      }
      // A process that was frozen meanwhile may have lost the run: the next beat asks again.
      if (Date.now() - asked > beatMs) return;
      await this.client.setTag(this.runId, this.tag, JSON.stringify(thisProcess()));
    } catch {
      // The server is away: the next beat tries again.
    }
  }
}

/** Throws a RunError if another living process works on a run. */
export function refuseHeld(run: RunEntity, name: string, tag: string): void {
  const holder = holderOf(run, tag);
  if (holder && !isSame(holder, thisProcess()) && isAlive(holder)) throw new RunError(busy(name, holder));
}

function holderOf({ data }: RunEntity, tag: string): Holder | undefined {
  return parseHolder(data.tags.find(({ key }) => key === tag)?.value);
}

function busy(name: string, { pid, host }: Holder): string {
  return `${name}: process ${pid} on ${host} works on it already; wait for it, or stop it and give the command again`;
}
