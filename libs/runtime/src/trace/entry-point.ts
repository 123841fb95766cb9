import type { tf } from '../tensorflow';
import type { NamedTensors } from './recorder';

/** Type of the heavy computations. */
export type Precision = 'float32' | 'bfloat16';

/** An input whose values are given in each run; 'batch' stands for the size that may change. */
export interface FedInput {
  /** What the function takes. */
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly (number | 'batch')[];
  /** What a run is given, where that is not what the function takes: bytes, which the graph turns into it. */
  readonly fed?: 'uint8';
}

/** An input that is made of a table's rows: each run is fed the rows' numbers under the name `rows`. */
export interface TableInput {
  readonly table: string;
  readonly rows: string;
  /** What the table's numbers are turned into. */
  readonly dtype: 'float32' | 'int32';
}

/** Numbers in row-major order. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Numbers that the program holds once, such as a dataset's pixels. */
export interface Table {
  readonly values: Values;
  /** Rows first. */
  readonly shape: readonly number[];
}

/** One function of a program. */
export interface EntryPoint {
  readonly inputs: Readonly<Record<string, FedInput | TableInput>>;
  /**
   * Synchronous tfjs code. It may read and assign the program's variables, and update them with
   * `applyKerasMomentum`; random numbers come from stateless ops.
   */
  readonly fn: (inputs: NamedTensors) => NamedTensors;
  /** bfloat16 computes convolutions and large matrix products in that type, and all else in float32. */
  readonly precision?: Precision;
}

/** What the functions of a program share. */
export interface Shared {
  /** All variables that any of the functions reads or changes. */
  readonly variables: readonly tf.Variable[];
  readonly tables?: Readonly<Record<string, Table>>;
}
