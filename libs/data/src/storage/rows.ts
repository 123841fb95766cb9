import type { Dataset, Inputs } from '../dataset';
import { DataError } from '../errors';

/** How the inputs of a dataset are laid out. */
export type Layout = Pick<Dataset, 'shape' | 'dtype'>;

/** Takes the inputs of a dataset's examples in their order. */
export interface RowSink {
  /** Says what will come: at most so many examples. To be called once, before the first `append`. */
  begin(layout: Layout, mostRows: number): Promise<void>;
  /** Takes the inputs of the next examples, which may be used again afterwards. */
  append(inputs: Inputs): Promise<void>;
}

/** That inputs take more memory than they may. */
export class TooLarge extends Error {}

/** How many numbers an example's inputs are. */
export function widthOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Bytes of an example's inputs. */
export function rowBytesOf({ shape, dtype }: Layout): number {
  return widthOf(shape) * (dtype === 'uint8' ? 1 : 4);
}

/** Holds inputs in memory; throws `TooLarge` where they take more bytes than the limit. */
export class HeldRows implements RowSink {
  #inputs: Inputs = new Uint8Array(0);
  #filled = 0;

  constructor(private readonly limit: number) {}

  async begin(layout: Layout, mostRows: number): Promise<void> {
    if (mostRows * rowBytesOf(layout) > this.limit) throw new TooLarge();
    const length = mostRows * widthOf(layout.shape);
    this.#inputs = layout.dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
  }

  async append(inputs: Inputs): Promise<void> {
    this.#inputs.set(inputs, this.#filled);
    this.#filled += inputs.length;
  }

  /** What came. */
  get inputs(): Inputs {
    return this.#inputs.subarray(0, this.#filled);
  }
}

/** Hands rows on, and refuses a float that is no number. */
export class CheckedRows implements RowSink {
  #width = 1;
  #seen = 0;

  constructor(
    private readonly path: string,
    private readonly sink: RowSink,
  ) {}

  begin(layout: Layout, mostRows: number): Promise<void> {
    this.#width = widthOf(layout.shape);
    return this.sink.begin(layout, mostRows);
  }

  append(inputs: Inputs): Promise<void> {
    const wrong = inputs instanceof Float32Array ? inputs.findIndex((value) => !Number.isFinite(value)) : -1;
    if (wrong >= 0) {
      const example = (this.#seen + wrong - (wrong % this.#width)) / this.#width;
      throw new DataError(
        `${this.path}: example ${example} has the value ${inputs[wrong]} at position ${wrong % this.#width}: ` +
          'every input must be a finite number; fill in or leave out what is missing.',
      );
    }
    this.#seen += inputs.length;
    return this.sink.append(inputs);
  }
}
