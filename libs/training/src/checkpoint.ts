import { TrainingError } from './errors';
import type { BestEpoch, EpochLog } from './history';
import type { PlateauState } from './plateau';
import { readStateFile, writeStateFile } from './state-file';
import type { StepState, TrainingStep } from './step';

/** What a run needs, besides the step's state, to go on as if it had never been interrupted. */
export interface Progress {
  readonly epochs: readonly EpochLog[];
  readonly plateau: PlateauState;
  readonly best: BestEpoch | null;
}

export interface CheckpointOptions {
  /** Written after each epoch. */
  readonly file: string;
  /** Go on from the file if it is there. */
  readonly resume: boolean;
  /** Anything that tells this run from another one (a hash of its parameters); a file of another run is refused. */
  readonly identity?: string;
}

interface Facts extends Progress {
  identity: string | null;
  iteration: number;
}

/** Writes a run's state; a reader sees either the old file or the new one, never a part. */
export async function saveCheckpoint(
  { file, identity = '' }: CheckpointOptions,
  step: TrainingStep,
  progress: Progress,
): Promise<void> {
  const { iteration, weights, velocities } = await step.readState();
  const facts: Facts = { ...progress, identity, iteration };
  await writeStateFile(file, { facts, groups: { weights, velocities } });
}

/** Puts a checkpoint's state into the step and gives its progress; null where there is no file. */
export async function loadCheckpoint(
  { file, identity = '' }: CheckpointOptions,
  step: TrainingStep,
): Promise<Progress | null> {
  const saved = await readStateFile(file);
  if (saved === null) return null;
  const { identity: found, iteration, epochs, plateau, best } = saved.facts as Facts;
  if (found !== identity) {
    throw new TrainingError(
      `The checkpoint ${file} is of a run with other parameters: remove it or give the same ones.`,
    );
  }
  await step.writeState({
    iteration,
    weights: saved.groups['weights'] ?? [],
    velocities: saved.groups['velocities'] ?? [],
  });
  return { epochs, plateau, best };
}

/** Writes the step's weights alone: the best model so far. */
export async function saveWeights(file: string, step: TrainingStep, facts: BestEpoch): Promise<void> {
  const { weights } = await step.readState();
  await writeStateFile(file, { facts, groups: { weights } });
}

/**
 * Runs `fn` while the network has the weights of a file that `saveWeights` wrote; afterwards the step and the network
 * are as before.
 */
export async function withSavedWeights<T>(
  file: string,
  step: TrainingStep,
  fn: () => Promise<T>,
): Promise<T> {
  const saved = await readStateFile(file);
  if (saved === null) throw new TrainingError(`There are no saved weights in ${file}.`);
  const before: StepState = await step.readState();
  await step.writeState({ ...before, weights: saved.groups['weights'] ?? [] });
  try {
    await step.updateNetwork();
    return await fn();
  } finally {
    await step.writeState(before);
    await step.updateNetwork();
  }
}
