import type { EpochFigures } from '@label-relaxation/training';
import type { PreparedData } from './prepare-data';

/** The share of the training part whose labels are not the data set's own; null where the run takes those. */
export function changedShare({ disturbed, split: { train } }: PreparedData): number | null {
  if (disturbed === null) return null;
  return train.filter((example) => disturbed[example]).length / train.length;
}

/**
 * An epoch's figures on examples whose labels were disturbed and on the others apart, from the predictions of its steps:
 *
 * - `clean_accuracy`, of the others, how many are predicted as labelled;
 * - `disturbed_accuracy`, of the disturbed ones, how many are predicted as the data set labels them;
 * - `memorised`, of the disturbed ones, how many are predicted as the disturbed label says.
 *
 * A figure of no example is left out.
 */
export class NoiseFigures implements EpochFigures {
  readonly #data: PreparedData;
  readonly #disturbed: readonly boolean[];
  #clean = 0;
  #cleanRight = 0;
  #wrong = 0;
  #wrongRight = 0;
  #memorised = 0;

  constructor(data: PreparedData, disturbed: readonly boolean[]) {
    this.#data = data;
    this.#disturbed = disturbed;
  }

  add(examples: Int32Array, predicted: Int32Array): void {
    const { labels, dataset } = this.#data;
    examples.forEach((example, i) => {
      const asTaught = Number(predicted[i] === labels[example]);
      if (this.#disturbed[example]) {
        this.#wrong += 1;
        this.#wrongRight += Number(predicted[i] === dataset.labels[example]);
        this.#memorised += asTaught;
      } else {
        this.#clean += 1;
        this.#cleanRight += asTaught;
      }
    });
  }

  get result(): Record<string, number> {
    return {
      ...(this.#clean > 0 ? { clean_accuracy: this.#cleanRight / this.#clean } : {}),
      ...(this.#wrong > 0
        ? { disturbed_accuracy: this.#wrongRight / this.#wrong, memorised: this.#memorised / this.#wrong }
        : {}),
    };
  }
}
