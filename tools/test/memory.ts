import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What this process holds. */
export interface Holdings {
  /** Megabytes that the process takes of the machine's memory, and of JavaScript's heap once what is unused is given back. */
  readonly resident: number;
  readonly heap: number;
  /** Open files, sockets and pipes. */
  readonly files: number;
}

/** What this process holds after a collection of garbage, where the process can be made to collect it. */
export async function holdings(): Promise<Holdings> {
  // Finalisers run between two turns.
  for (let i = 0; i < 2; i += 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await sleep(0);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss / 1e6, heap: heapUsed / 1e6, files: readdirSync('/proc/self/fd').length };
}
