import type { BindingAttribute } from '../binding';

/** Where a recorded value comes from: an output of a node of the recording. */
export interface Source {
  readonly node: number;
  readonly output: number;
}

/** Values that were made in JavaScript. */
export interface RecordedConstant {
  readonly kind: 'constant';
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** One of the function's inputs. */
export interface RecordedInput {
  readonly kind: 'input';
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** A variable's value before all updates; `variable` is its place in the program's list. */
export interface RecordedRead {
  readonly kind: 'read';
  readonly variable: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** One TensorFlow op as tfjs called it. */
export interface RecordedOp {
  readonly kind: 'op';
  readonly op: string;
  readonly attributes: readonly BindingAttribute[];
  readonly inputs: readonly Source[];
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] }[];
}

export type RecordedNode = RecordedConstant | RecordedInput | RecordedRead | RecordedOp;

/** A new value for a variable. */
export interface RecordedAssign {
  readonly kind: 'assign';
  readonly variable: number;
  readonly value: Source;
}

/** An optimiser's update, in place. */
export interface RecordedMomentum {
  readonly kind: 'momentum';
  readonly variable: number;
  readonly velocity: number;
  readonly gradient: Source;
  readonly learningRate: Source;
  readonly momentum: number;
  readonly nesterov: boolean;
}

export type RecordedUpdate = RecordedAssign | RecordedMomentum;

/** All that a function did once. */
export interface Recording {
  readonly nodes: readonly RecordedNode[];
  readonly outputs: Readonly<Record<string, Source>>;
  readonly updates: readonly RecordedUpdate[];
}
