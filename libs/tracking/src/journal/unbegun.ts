import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Lock } from './lock';

/** A first line is shorter. */
const longestStart = 1 << 20;

/**
 * Removes what processes left that were killed before their journal had its first line: a file without one, or a lock without
 * a file. No run was begun in it.
 */
export function removeUnbegun(folder: string): void {
  const keys = new Set(
    namesIn(folder).flatMap((name) => /^([0-9a-f]{32})\.jsonl(?:\.lock-.*)?$/.exec(name)?.[1] ?? []),
  );
  for (const key of keys) {
    const file = join(folder, `${key}.jsonl`);
    if (Lock.holder(file) !== undefined || hasBegun(file)) continue;
    rmSync(file, { force: true });
    Lock.clear(file);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasBegun(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size > longestStart || (size > 0 && readFileSync(file).includes('\n'));
}
