import type { Inputs } from '../dataset';
import { widthOf } from '../storage/rows';
import type { InputSource } from './in-chunks';
import { inChunks } from './in-chunks';

/** Mean and deviation of each feature, in float32. */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/**
 * Mean and standard deviation of each feature over some examples, as scikit-learn's `StandardScaler`: the deviation of
 * the population, and 1 for a feature that is constant but for rounding.
 *
 * @param examples example numbers.
 * @throws DataError if there are none, or one is outside the data.
 */
export async function standardise(dataset: InputSource, examples: Int32Array): Promise<Standardisation> {
  const moments = new Moments(widthOf(dataset.shape));
  await inChunks(dataset, examples, (inputs, rows) => moments.add(inputs, rows));
  return moments.standardisation();
}

/** Running means and squared deviations of features in float64, by Welford's update. */
class Moments {
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(private readonly width: number) {
    this.#mean = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  add(inputs: Inputs, rows: Int32Array): void {
    const [mean, squares] = [this.#mean, this.#squares];
    for (const row of rows) {
      this.#count++;
      const start = row * this.width;
      for (let feature = 0; feature < this.width; feature++) {
        const value = inputs[start + feature]!;
        const distance = value - mean[feature]!;
        mean[feature]! += distance / this.#count;
        squares[feature]! += distance * (value - mean[feature]!);
      }
    }
  }

  standardisation(): Standardisation {
    const count = this.#count;
    const deviation = Float32Array.from(this.#squares, (sum, feature) => {
      const variance = sum / count;
      const mean = this.#mean[feature]!;
      const rounding = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
      return variance <= rounding ? 1 : Math.sqrt(variance);
    });
    return { mean: Float32Array.from(this.#mean), deviation };
  }
}
