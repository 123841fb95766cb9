import type { tf } from '@label-relaxation/runtime';

/**
 * What a loss can be taught by: class numbers, class distributions (rows that sum to 1, such as the votes of several
 * people), or possibilities (rows whose largest entry is 1, such as the set of classes that an example may have).
 */
export type LabelKind = 'classes' | 'distributions' | 'possibilities';

/** A range of numbers; both ends belong to it except `below`. */
export interface NumberRange {
  readonly min: number;
  readonly max?: number;
  /** Upper end that is not allowed itself. */
  readonly below?: number;
}

/** The parameter that the study searches, under whatever name its paper gives it. */
export interface AlphaDeclaration extends NumberRange {
  /** What the paper calls it: a word for messages and help. */
  readonly meaning: string;
  /** What it is called in print: one letter. */
  readonly symbol: string;
  /** The loss's name in print where alpha isn't 0, if it is another one. */
  readonly title?: string;
  /** The value that examples and experiment targets take. */
  readonly example: number;
  /** What the loss is at alpha 0, if that is another loss: a run that asks for it is warned. */
  readonly atZero?: string;
  /** The values that a search tries. */
  readonly grid: readonly number[];
}

/** A further parameter: a flag of the command line by its own name. */
export interface LossParameter extends NumberRange {
  readonly default: number;
  readonly help: string;
}

/** What a loss of one batch is computed from. */
export interface LossInput {
  /** float32, [batch, classes] */
  readonly logits: tf.Tensor2D;
  /** What the examples are labelled with, float32 rows, [batch, classes]: one-hot for class numbers. */
  readonly target: tf.Tensor2D;
  readonly alpha: number;
  /** The loss's further parameters by name. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The share of the run's epochs that are done, a scalar in [0, 1); null where nothing is trained. */
  readonly progress: tf.Scalar | null;
}

/** A loss and its gradient for each example, for formulas that know their own gradient. */
export interface ClosedForm {
  /** [batch, 1] */
  readonly value: tf.Tensor;
  /** Derivative of each example's loss by its own logits, [batch, classes]. */
  readonly gradient: tf.Tensor;
}

/** What a loss is called, what it takes, and what its alpha means. */
export interface LossFacts {
  /** The canonical name, in snake_case. */
  readonly name: string;
  /** The name in file names and experiment targets. */
  readonly short: string;
  /** Further spellings; case, underscores, hyphens and spaces never matter. */
  readonly aliases?: readonly string[];
  /** MLflow's `loss_type`. */
  readonly type: string;
  /** The name in print. */
  readonly title: string;
  /** Null for a loss that has no parameter to search. */
  readonly alpha: AlphaDeclaration | null;
  readonly parameters?: Readonly<Record<string, LossParameter>>;
  readonly labels: readonly LabelKind[];
}

/** A loss whose file gives the gradient beside the value. */
export interface ClosedFormLoss extends LossFacts {
  readonly closedForm: (input: LossInput) => ClosedForm;
}

/** A loss that gives each example's value, [batch], and leaves its gradient to tfjs. */
export interface DerivedLoss extends LossFacts {
  readonly perExample: (input: LossInput) => tf.Tensor1D;
}

/**
 * All that the study knows of a loss: names, parameters and formula. Flags, checks, help, MLflow params, experiment
 * targets, the search's grid and the report's rows follow from it.
 *
 * The formula is plain tfjs by the tensors' own methods, so that a declaration is read without loading TensorFlow. It
 * is traced into a graph: it must not read a tensor's values or draw random numbers in JavaScript.
 */
export type LossDeclaration = ClosedFormLoss | DerivedLoss;
