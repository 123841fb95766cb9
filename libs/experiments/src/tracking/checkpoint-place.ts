import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PerformRunOptions } from '../run/options';
import { isNoiseFile } from '../parameters/label-flags';
import type { Parameters } from '../parameters/parameters';
import { parameterTable } from '../parameters/parameters';

/** Flags that change how a run is told or how fast it goes, not what it computes. */
const withoutEffect: readonly (keyof Parameters)[] = ['autolog_freq', 'load_ext_params'];

/**
 * The SHA-256 of all that a run's weights depend on: equal for runs that compute the same. Flags that are null are left
 * out, so that a new one changes no key where it isn't used.
 */
export function runKey(parameters: Parameters): string {
  const relevant = (Object.keys(parameterTable) as (keyof Parameters)[])
    .filter(
      (name) => parameterTable[name].logged && !withoutEffect.includes(name) && parameters[name] !== null,
    )
    .map((name) => [name, contentOf(name, parameters[name])]);
  return createHash('sha256').update(JSON.stringify(relevant)).digest('hex');
}

/** A flag's value, or the SHA-256 of the file that it names. */
function contentOf(name: keyof Parameters, value: unknown): unknown {
  const isFile = name === 'labels' || (name === 'noise' && isNoiseFile(String(value)));
  if (!isFile || !existsSync(String(value))) return value;
  return createHash('sha256')
    .update(readFileSync(String(value)))
    .digest('hex');
}

/** Where a run keeps its checkpoint, and what it found there. */
export interface CheckpointPlace {
  readonly file: string;
  readonly bestFile: string;
  readonly identity: string;
  /** Whether there is an interrupted run to go on with. */
  readonly resume: boolean;
  /** The tracked run of the checkpoint that is gone on with. */
  readonly runId: string | null;
  /** Notes the tracked run that the checkpoint will belong to. */
  claim(runId: string): void;
  remove(): void;
}

/** Finds the place of a run's checkpoint, by its parameters unless a folder is given. */
export function findCheckpoint(parameters: Parameters, options: PerformRunOptions): CheckpointPlace {
  const identity = runKey(parameters);
  const dir = resolve(options.checkpointDir ?? join('.checkpoints', identity.slice(0, 16)));
  const file = join(dir, 'checkpoint.bin');
  const owner = join(dir, 'run_id');
  const resume = parameters.resume && existsSync(file) && existsSync(owner);
  return {
    file,
    bestFile: join(dir, 'best.bin'),
    identity,
    resume,
    runId: resume ? readFileSync(owner, 'utf8').trim() : null,
    claim: (runId) => {
      if (!resume) rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      writeFileSync(owner, runId);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
