import { hostname } from 'node:os';
import { processLives, processStart } from '@label-relaxation/tracking';

/** A process as others can tell whether it still lives. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, by the kernel's count; see `processStart`. */
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
  return { host: hostname(), pid, started: processStart(pid), seen: Date.now() };
}

/** Whether two holders are the same process. */
export function isSame(a: Holder, b: Holder): boolean {
  return a.host === b.host && a.pid === b.pid && a.started === b.started;
}

/** Whether a holder lives: on this machine its process tells, on another one the time since it was heard of. */
export function isAlive(holder: Holder, now = Date.now()): boolean {
  if (holder.host !== hostname()) return now - holder.seen < staleMs;
  return processLives(holder.pid, holder.started);
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
