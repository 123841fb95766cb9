import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunError, UsageError } from '../errors';
import { writeWhole } from '../write-whole';
import type { PerformRunOptions } from '../run/options';
import { isNoiseFile } from '../parameters/label-flags';
import type { Parameters } from '../parameters/parameters';
import { parameterTable } from '../parameters/parameters';

/** Flags that change how a run is told or how fast it goes, not what it computes. */
const withoutEffect: readonly (keyof Parameters)[] = ['autolog_freq', 'load_ext_params'];

/**
 * Digests of what a run's paths lead to. They are no part of a run's key, so that a run is found again by its flags and a
 * change of the contents is noticed.
 */
export const contentFlags = [
  'dataset_sha256',
  'model_sha256',
  'loss_sha256',
] as const satisfies readonly (keyof Parameters)[];

/** The digests of what a run's paths lead to, without those that it hasn't got. */
export function contentsOf(parameters: Parameters): Record<string, string> {
  return Object.fromEntries(
    contentFlags.flatMap((name) => {
      const digest = parameters[name];
      return digest === null ? [] : [[name, digest]];
    }),
  );
}

/** Which of a run's contents are others than before; null where all are the same. */
export function changedContent(
  parameters: Parameters,
  before: Readonly<Record<string, string>>,
): string | null {
  const now = contentsOf(parameters);
  const changed = contentFlags.find((name) => now[name] !== before[name]);
  return changed === undefined ? null : whatHas(changed, parameters);
}

function whatHas(flag: (typeof contentFlags)[number], parameters: Parameters): string {
  const path = flag.replace('sha256', 'name') as 'dataset_name' | 'model_name' | 'loss_name';
  return `--${path} ${parameters[path]}`;
}

/**
 * The SHA-256 of all that a run's weights depend on: equal for runs that compute the same. Flags that are null are left
 * out, so that a new one changes no key where it isn't used.
 */
export function runKey(parameters: Parameters): string {
  const notInKey: readonly (keyof Parameters)[] = [...withoutEffect, ...contentFlags];
  const relevant = (Object.keys(parameterTable) as (keyof Parameters)[])
    .filter((name) => parameterTable[name].logged && !notInKey.includes(name) && parameters[name] !== null)
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
  /** Whether there is a checkpoint to go on from. */
  readonly resume: boolean;
  /** The tracked run that is gone on with: that of the checkpoint, or of an interrupted run that has none yet. */
  readonly runId: string | null;
  /** Notes the tracked run that the checkpoint will belong to. Throws a RunError where nothing can be written. */
  claim(runId: string): void;
  remove(): void;
}

/**
 * Finds the place of a run's checkpoint, by its parameters unless a folder is given. Throws a UsageError where a run is
 * to be gone on with and what its paths lead to has changed.
 */
export function findCheckpoint(parameters: Parameters, options: PerformRunOptions): CheckpointPlace {
  const identity = runKey(parameters);
  const dir = resolve(options.checkpointDir ?? join('.checkpoints', identity.slice(0, 16)));
  const file = join(dir, 'checkpoint.bin');
  const owner = join(dir, 'run_id');
  const contents = join(dir, 'contents.json');
  const interrupted = parameters.resume ? readOwner(owner) : null;
  if (interrupted !== null) checkContents(parameters, contents);
  const resume = interrupted !== null && existsSync(file);
  return {
    file,
    bestFile: join(dir, 'best.bin'),
    identity,
    resume,
    runId: interrupted,
    claim: (runId) => {
      try {
        if (!resume) rmSync(dir, { recursive: true, force: true });
        mkdirSync(dir, { recursive: true });
        // The owner is last: a run that has one has all.
        writeWhole(contents, JSON.stringify(contentsOf(parameters)));
        writeWhole(owner, runId);
      } catch (error) {
        throw new RunError(
          `The folder ${dir} for checkpoints cannot be written: ${(error as Error).message}`,
        );
      }
    },
    remove: () => {
      // All at once: a part of it would be taken for an interrupted run.
      const removed = `${dir}.removed`;
      if (existsSync(dir)) renameSync(dir, removed);
      rmSync(removed, { recursive: true, force: true });
    },
  };
}

/** The tracked run that owns a folder of checkpoints; null where none has claimed it. */
function readOwner(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null;
}

function checkContents(parameters: Parameters, file: string): void {
  const before = existsSync(file) ? readContents(file) : {};
  const changed = changedContent(parameters, before);
  if (changed === null) return;
  throw new UsageError(
    `${changed} has changed since the run that is to be gone on with: restore it, or leave out --resume`,
  );
}

function readContents(file: string): Record<string, string> {
  try {
    const contents: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof contents === 'object' && contents !== null) return contents as Record<string, string>;
  } catch {
    // Said below.
  }
  throw new UsageError(`${file} is damaged: remove its folder, or leave out --resume`);
}
