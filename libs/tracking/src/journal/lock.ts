import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { processLives, processStart } from '../processes';

const HEARTBEAT_MS = 30_000;
/** A holder on another machine that has not been heard of for so long is taken for dead. */
const STALE_MS = 10 * 60_000;
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);

interface Holder {
  name: string;
  host: string;
  pid: number;
  started: string;
}

/**
 * Holds a file for this process against other processes. Each contender first makes a file of its own beside it and then looks for others:
 * of two that come at once at least one sees the other and goes away. A holder that was killed is recognised by its process.
 */
export class Lock {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(private readonly path: string) {
    this.heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** The lock, or undefined if a living process holds it. */
  static acquire(file: string): Lock | undefined {
    const name = `${basename(file)}.lock-${HOST}-${process.pid}-${processStart(process.pid)}-${randomBytes(4).toString('hex')}`;
    const path = join(dirname(file), name);
    closeSync(openSync(path, 'wx'));
    const others = holders(file).filter((holder) => holder.name !== name);
    if (others.some((holder) => isAlive(dirname(file), holder))) {
      rmSync(path, { force: true });
      return undefined;
    }
    for (const other of others) rmSync(join(dirname(file), other.name), { force: true });
    return new Lock(path);
  }

  /** Id of the living process that holds the file, if there is one. */
  static holder(file: string): number | undefined {
    return holders(file).find((holder) => isAlive(dirname(file), holder))?.pid;
  }

  /** Takes a file from whoever holds it. */
  static clear(file: string): void {
    for (const { name } of holders(file)) rmSync(join(dirname(file), name), { force: true });
  }

  release(): void {
    clearInterval(this.heartbeat);
    rmSync(this.path, { force: true });
  }
}

function holders(file: string): Holder[] {
  const prefix = `${basename(file)}.lock-`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const [host = '', pid = '', started = ''] = name.slice(prefix.length).split('-');
      return { name, host, pid: Number(pid), started };
    });
}

function isAlive(folder: string, holder: Holder): boolean {
  if (holder.host !== HOST) {
    const seen = statSync(join(folder, holder.name), { throwIfNoEntry: false })?.mtimeMs;
    return seen !== undefined && Date.now() - seen < STALE_MS;
  }
  return processLives(holder.pid, holder.started);
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The folder is gone: nothing is left to hold.
  }
}
