import { DataError } from '../errors';
import { MersenneTwister } from './mersenne-twister';

/**
 * The batches of one epoch as views of example numbers: no pixel is copied, and the last batch may be smaller.
 *
 * With a seed and an epoch the examples come in a random order that depends on these two (and on the order given)
 * alone, equal to `numpy.random.RandomState([seed, epoch]).shuffle`: a run that resumes at any epoch draws what it
 * would have drawn. Without them they come in the order given.
 *
 * @param examples example numbers; they are not changed.
 * @param order seed and epoch, whole numbers from 0 to 2^32 - 1.
 * @throws DataError for a batch size, seed or epoch that cannot be used.
 */
export function batches(
  examples: Int32Array,
  batchSize: number,
  order?: { readonly seed: number; readonly epoch: number },
): Iterable<Int32Array> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new DataError(`The batch size ${batchSize} cannot be used: give a whole number from 1 on.`);
  }
  const ordered = order ? new MersenneTwister([order.seed, order.epoch]).shuffle(examples.slice()) : examples;
  return { [Symbol.iterator]: () => views(ordered, batchSize) };
}

function* views(examples: Int32Array, batchSize: number): Generator<Int32Array> {
  for (let start = 0; start < examples.length; start += batchSize) {
    yield examples.subarray(start, start + batchSize);
  }
}
