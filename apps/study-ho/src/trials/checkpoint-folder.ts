import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunError } from '@label-relaxation/experiments';

/**
 * The folder for the checkpoints of an attempt at a run, named after both. It holds what the last attempt left, whose folder is renamed: should
 * that attempt go on after all, frozen and awake again, then its folder is gone and it can write none. Throws a RunError if nothing
 * can be written there.
 */
export function claimCheckpoints(runId: string, root = resolve('.checkpoints')): string {
  try {
    return claim(runId, root);
  } catch (error) {
    throw new RunError(`The folder ${root} for checkpoints cannot be written: ${(error as Error).message}`);
  }
}

function claim(runId: string, root: string): string {
  mkdirSync(root, { recursive: true });
  const own = join(root, `${runId}.${randomBytes(6).toString('hex')}`);
  const [last, ...older] = readdirSync(root)
    .filter((name) => name === runId || name.startsWith(`${runId}.`))
    .map((name) => join(root, name))
    .sort((a, b) => changedAt(b) - changedAt(a));
  for (const folder of older) rmSync(folder, { recursive: true, force: true });
  if (last !== undefined) renameSync(last, own);
  return own;
}

function changedAt(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
