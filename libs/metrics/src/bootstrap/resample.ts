import type { Counts } from '../measure/measure';
import type { Random } from '../numerics/random';
import { randomBelow } from '../numerics/random';

/** Poisson counts of mean 1 are looked up by 10 random bits; where those do not decide, 32 more do. */
const cells = 1 << 10;
const undecided = 255;

/** Chance of each count or less, to where the rest is below 2^-42, the precision of 42 random bits. */
const cumulated = cumulatedPoisson();
const mostFrequent = cumulated.length;
const table = Uint8Array.from({ length: cells }, (_, cell) => {
  const least = countAt(cell / cells);
  return countAt((cell + 1) / cells - 2 ** -42) === least ? least : undecided;
});

function cumulatedPoisson(): number[] {
  const chances: number[] = [];
  let chance = Math.exp(-1);
  let sum = 0;
  for (let count = 1; 1 - sum > 2 ** -42; count++) {
    sum += chance;
    chances.push(sum);
    chance /= count;
  }
  return chances;
}

/** The count whose share of [0, 1) holds the number. */
function countAt(share: number): number {
  let count = 0;
  while (count < cumulated.length && (cumulated[count] as number) <= share) count++;
  return count;
}

/**
 * Draws as many examples as there are, with replacement, and tells how often each was drawn.
 *
 * The counts are Poisson numbers of mean 1, three for one random number, mended where their sum is not the number of examples:
 * given their sum, they are distributed as those of that many draws, of which a few are then added or taken away at random. One
 * draw after another would jump about in memory.
 */
export function resample(counts: Counts, random: Random): void {
  const size = counts.length;
  let drawn = 0;
  let bits = 0;
  let left = 0;
  for (let i = 0; i < size; i++) {
    if (left === 0) {
      bits = random();
      left = 3;
    }
    let count = table[bits & (cells - 1)] as number;
    if (count === undecided) count = countAt(((bits & (cells - 1)) + random() / 2 ** 32) / cells);
    bits >>>= 10;
    left--;
    counts[i] = count;
    drawn += count;
  }
  for (; drawn < size; drawn++) {
    const example = randomBelow(random, size);
    counts[example] = (counts[example] as number) + 1;
  }
  while (drawn > size) {
    const example = randomBelow(random, size);
    // Each of the draws is as likely to be taken away as any other.
    if (randomBelow(random, mostFrequent + 1) >= (counts[example] as number)) continue;
    counts[example] = (counts[example] as number) - 1;
    drawn--;
  }
}
