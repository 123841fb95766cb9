import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process as others can tell whether it still lives. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, by the kernel's count; empty where that is not known. */
  readonly started: string;
  /** When it was last heard of, in milliseconds. */
  readonly seen: number;
}

/** Milliseconds after which a holder on another machine that was not heard of is taken for dead. */
export const staleMs = 120_000;

/** This process, heard of now. */
export function thisProcess(): Holder {
  return processHere(process.pid);
}

/** A process of this machine, heard of now. */
export function processHere(pid: number): Holder {
  return { host: hostname(), pid, started: startOf(pid), seen: Date.now() };
}

/** Whether two holders are the same process. */
export function isSame(a: Holder, b: Holder): boolean {
  return a.host === b.host && a.pid === b.pid && a.started === b.started;
}

/** Whether a holder lives: on this machine its process tells, on another one the time since it was heard of. */
export function isAlive(holder: Holder, now = Date.now()): boolean {
  if (holder.host !== hostname()) return now - holder.seen < staleMs;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** Reads a holder from the text that it was written as; undefined for any other text. */
export function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Holder> | null;
    const { host, pid, started, seen } = value ?? {};
    if (typeof host !== 'string' || typeof started !== 'string') return undefined;
    return typeof pid === 'number' && typeof seen === 'number' ? { host, pid, started, seen } : undefined;
  } catch {
    return undefined;
  }
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
