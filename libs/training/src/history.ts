import type { Evaluation } from './step';

/** The figures of one epoch. */
export interface EpochLog {
  /** From 0. */
  readonly epoch: number;
  /** The epoch's learning rate, before the decay per iteration. */
  readonly learningRate: number;
  /** Mean training loss with all penalties, over the epoch's steps. */
  readonly loss: number;
  readonly accuracy: number;
  /** The same on the validation data after the epoch; null without validation data. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Further figures that the run was asked for, by name. */
  readonly figures?: Readonly<Record<string, number>>;
  /** Wall-clock time of the epoch with its validation. */
  readonly seconds: number;
  /** When it ended, in milliseconds since 1970. */
  readonly finishedAt: number;
}

/** The epoch whose weights the best-model file holds. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationAccuracy: number;
  /** What it has the least of: the figure that was asked for, else 1 - validation accuracy. */
  readonly loss: number;
}

export interface History {
  readonly epochs: readonly EpochLog[];
  /** What the weights of the last epoch make of the validation data; null without any, and where no epoch was left to train. */
  readonly validated: Evaluation | null;
  readonly best: BestEpoch | null;
  /** The first epoch that this call trained itself: above 0 where it went on from a checkpoint. */
  readonly resumedAt: number;
}
