import type { Dataset } from '@label-relaxation/data';
import { meanImage, standardise } from '@label-relaxation/data';

/** What makes of a data set's inputs what the network gets: (inputs * scale - mean) / deviation. */
export interface Normalisation {
  readonly scale: number;
  /** Of the scaled inputs; null where nothing is subtracted. */
  readonly mean: Float32Array | null;
  /** Null where nothing is divided. */
  readonly deviation: Float32Array | null;
}

/**
 * How a run normalises its data, by its training part: images by their mean where asked, features always by mean and
 * deviation.
 */
export async function normalisationOf(
  dataset: Dataset,
  train: Int32Array,
  subtractMean: boolean,
): Promise<Normalisation> {
  const { scale, shape } = dataset;
  if (shape.length === 1) return { scale, ...(await standardise(dataset, train)) };
  return { scale, mean: subtractMean ? await meanImage(dataset, train) : null, deviation: null };
}
