import { readFileSync } from 'node:fs';

/**
 * When a process of this machine began, in the kernel's own count, so that another process with the same id is not taken for it; "0" where
 * that is not known, "ended" for one that has ended but that its parent did not take note of yet.
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '0');
  } catch {
    return '0';
  }
}

/** Whether the process of this machine lives that had the id `pid` and began at `started`, as `processStart` gave it. */
export function processLives(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return processStart(pid) === started;
}
