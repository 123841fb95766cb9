import type { Dataset, InputShape, Labels, Parts } from '../dataset';
import type { RowSink } from '../storage/rows';

/** A file that a dataset is read from. */
export interface SourceFile {
  readonly path: string;
  /** Its path within the dataset's folder. */
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Whom reading tells, and who may stop it. */
export interface Watch {
  readonly signal?: AbortSignal;
  /** Told what is being done, for people to read. */
  readonly onStage?: (message: string) => void;
}

/** What a source holds apart from the inputs, which it has handed to a sink. */
export interface SourceContent {
  readonly shape: InputShape;
  readonly dtype: Dataset['dtype'];
  readonly scale: number;
  readonly labels: Labels;
  readonly targets: Float32Array | null;
  readonly classNames: readonly string[];
  readonly parts: Parts;
  /** What the user should know, each time that the dataset is loaded. */
  readonly notes: readonly string[];
}

/** Files that a dataset can be read from. */
export interface Source {
  /** The path that the user gave. */
  readonly path: string;
  /** What it is, such as `image folder`. */
  readonly kind: string;
  readonly files: readonly SourceFile[];
  /** All that what is read depends on besides the files. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether reading is so much work that what was read is kept in a prepared file. */
  readonly isCostly: boolean;
  /** Hands the inputs of all examples to the sink and gives the rest. Throws a DataError. */
  read(sink: RowSink, watch: Watch): Promise<SourceContent>;
}
