import type { ExampleLoss, TrainableNetwork } from './network';
import type { SgdOptions } from './sgd';

/** What is known of examples: the pixels of images, or features. */
export type Inputs = Uint8Array | Float32Array;

/**
 * Labelled examples; the step takes them from here by their numbers. What a network gets is
 * (inputs * scale - mean) / deviation.
 */
export interface TrainingData {
  /** The inputs of all examples, [examples, ...shape], flat; null where `read` gives those of a batch. */
  readonly inputs: Inputs | null;
  /** The inputs of some examples, in the order of their numbers; needed where `inputs` is null. */
  readonly read?: (examples: Int32Array) => Promise<Inputs>;
  /** What `read` gives; bytes by default. */
  readonly dtype?: 'uint8' | 'float32';
  /** Class of each example. */
  readonly labels: Uint8Array | Uint16Array;
  /** Soft labels, [examples, classes], flat: what the loss gets in place of the classes. */
  readonly targets?: Float32Array | null;
  /** Height, width and channels of one image, or the number of features. */
  readonly shape: readonly number[];
  /** 1/255, which makes pixels of bytes numbers from 0 to 1, unless something else is given. */
  readonly scale?: number;
  /** Mean of each scaled input, subtracted. */
  readonly mean?: Float32Array | null;
  /** Deviation of each scaled input, by which it is divided. */
  readonly deviation?: Float32Array | null;
}

/** Random changes of the training images. */
export interface Augmentation {
  /** Largest shift as a share of the width and of the height. */
  readonly shift: number;
  /** Whether to flip an image left to right with probability 1/2. */
  readonly flip: boolean;
}

export interface StepOptions {
  readonly network: TrainableNetwork;
  readonly loss: ExampleLoss;
  readonly optimizer: SgdOptions;
  readonly data: TrainingData;
  readonly augmentation?: Augmentation | null;
  /** Seed of dropout and augmentation: a whole number. 0 is a seed like any other. */
  readonly seed: number;
  /** Examples of a training step; evaluation takes the examples in chunks of this size, too. */
  readonly batchSize: number;
  /**
   * bfloat16 trains with convolutions and large matrix products in that type; variables, statistics, losses and
   * updates are float32, and so is evaluation. Only the compiled step can do that.
   */
  readonly precision?: 'float32' | 'bfloat16';
}

/** Loss and hits of some examples. */
export interface BatchResult {
  /** Mean loss of the examples, with L2 and activity terms. */
  readonly loss: number;
  /** How many examples the network classified correctly. */
  readonly correct: number;
}

/** What a network makes of some examples, in inference mode. */
export interface Evaluation extends BatchResult {
  /** Flat [examples, classes]. */
  readonly logits: Float32Array;
}

/** Loss and hits of a training step, from before its update. */
export interface StepResult extends BatchResult {
  /** The class predicted for each example of the batch. */
  readonly predicted: Int32Array;
}

/** A variable's values, flat. */
export interface SavedVariable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All that a step remembers: what a checkpoint keeps. */
export interface StepState {
  /** Steps done so far; the learning rate's decay and the random numbers depend on it. */
  readonly iteration: number;
  /** Trainable variables, then non-trainable ones, in the network's order. */
  readonly weights: readonly SavedVariable[];
  /** The optimiser's velocity of each trainable variable. */
  readonly velocities: readonly SavedVariable[];
}

/** One training step of a network: forward pass, backward pass, update; and evaluation with the same weights. */
export interface TrainingStep {
  readonly kind: 'eager' | 'compiled';
  /** What the compiler's passes did to the step's functions, as text. */
  explain(): string;
  /**
   * Does one step on a batch.
   *
   * @param examples numbers of the examples in the data
   * @param learningRate before the decay per iteration
   * @param progress the share of the run's epochs that are done, for losses that change over a run; 0 by default
   * @returns loss, hits and predictions before the update
   */
  train(examples: Int32Array, learningRate: number, progress?: number): Promise<StepResult>;
  /** Begins to read the inputs of examples that a step will take soon, where they are not in memory. */
  prefetch(examples: Int32Array): void;
  /** Loss, hits and logits of any number of examples, in inference mode. */
  evaluate(examples: Int32Array): Promise<Evaluation>;
  /** Logits of any number of examples in inference mode, flat [examples, classes]. */
  logits(examples: Int32Array): Promise<Float32Array>;
  /** A copy of the step's state. */
  readState(): Promise<StepState>;
  /** Goes on from a state; throws a TrainingError where names or shapes aren't those of the network. */
  writeState(state: StepState): Promise<void>;
  /** Brings the network's own tfjs variables up to date, before the network itself is used or saved. */
  updateNetwork(): Promise<void>;
  /** Frees what the step holds; the network's variables stay, with the values of the last `updateNetwork`. */
  dispose(): void;
}
