import type { Labels } from '../dataset';
import { MersenneTwister } from '../split/mersenne-twister';
import type { Transition } from './transition';

/** Tells the random numbers of label noise from those of splits and batches. */
const noiseKey = 0x6e6f6973;

/** How labels are disturbed. */
export interface LabelNoise {
  /** The probability that a label is drawn anew. */
  readonly rate: number;
  /** Where it is then drawn from: the row of its class. */
  readonly transition: Transition;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
}

/**
 * Disturbs labels at random: each is drawn anew with the noise's probability, from the row of its class, which may give
 * the same class again. What an example gets depends on the seed and on its place alone.
 *
 * Equal, label by label, to NumPy's `u = RandomState([seed, 0x6e6f6973]).random_sample((n, 2))`, where u[i, 0] < rate
 * draws anew, and u[i, 1] finds the class among the cumulated probabilities.
 */
export function disturbLabels(labels: Labels, { rate, transition, seed }: LabelNoise): Labels {
  const random = new MersenneTwister([seed, noiseKey]);
  return labels.map((label) => {
    const anew = random.uniform() < rate;
    const position = random.uniform();
    return anew ? draw(transition[label]!, position) : label;
  });
}

function draw(row: readonly number[], position: number): number {
  let sum = 0;
  const found = row.findIndex((share) => (sum += share) > position);
  return found >= 0 ? found : row.findLastIndex((share) => share > 0);
}
