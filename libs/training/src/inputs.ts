import type { Inputs, TrainingData } from './step';

/** The most readings that are begun ahead of the steps that take them. */
const mostAhead = 4;

/** The inputs of batches of data that is not in memory, read ahead of the steps that take them. */
export class InputReader {
  readonly #read: (examples: Int32Array) => Promise<Inputs>;
  readonly #begun = new Map<Int32Array, Promise<Inputs>>();

  constructor({ read }: TrainingData) {
    this.#read = read!;
  }

  /** Begins to read the inputs of a batch, which is known again as the same array. */
  prefetch(examples: Int32Array): void {
    if (this.#begun.has(examples) || this.#begun.size === mostAhead) return;
    const reading = this.#read(examples);
    // Whoever takes the batch meets the error.
    reading.catch(() => undefined);
    this.#begun.set(examples, reading);
  }

  /** The inputs of a batch, from the reading that was begun or a new one. */
  take(examples: Int32Array): Promise<Inputs> {
    const begun = this.#begun.get(examples);
    this.#begun.delete(examples);
    return begun ?? this.#read(examples);
  }
}

/** Goes over batches and tells of each one `count` batches before it is due. */
export function* lookAhead(
  batches: Iterable<Int32Array>,
  count: number,
  tell: (coming: Int32Array) => void,
): Generator<Int32Array> {
  const waiting: Int32Array[] = [];
  for (const batch of batches) {
    tell(batch);
    waiting.push(batch);
    if (waiting.length > count) yield waiting.shift()!;
  }
  yield* waiting;
}
