import { roundDifferences } from './differences';

/**
 * Two-sided p-value of Wilcoxon's signed-rank test on the differences of pairs, exact at any size: differences of zero are left
 * out, equal ones share their mean rank, and the rank sum's distribution is counted over all signs. Differences are taken to 12
 * decimals. Null where none is left.
 */
export function wilcoxonSignedRank(differences: readonly number[]): number | null {
  const ranked = doubledRanks(roundDifferences(differences).filter((difference) => difference !== 0));
  if (ranked.length === 0) return null;
  const total = ranked.reduce((sum, { rank }) => sum + rank, 0);
  const positive = ranked.reduce((sum, { rank, difference }) => sum + (difference > 0 ? rank : 0), 0);
  const extreme = Math.min(positive, total - positive);
  const chances = rankSumChances(
    ranked.map(({ rank }) => rank),
    total,
  );
  const tail = chances.slice(0, extreme + 1).reduce((sum, chance) => sum + chance, 0);
  return Math.min(1, 2 * tail);
}

/** Twice the mean rank of each difference by size, so that shared ranks stay whole. */
function doubledRanks(differences: readonly number[]): { difference: number; rank: number }[] {
  const sorted = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  const rank = new Map<number, number>();
  for (let first = 0; first < sorted.length;) {
    const size = Math.abs(sorted[first] as number);
    let last = first;
    while (last + 1 < sorted.length && Math.abs(sorted[last + 1] as number) === size) last++;
    rank.set(size, first + last + 2);
    first = last + 1;
  }
  return sorted.map((difference) => ({ difference, rank: rank.get(Math.abs(difference)) as number }));
}

/** Chance of each sum of the ranks that get a plus sign, all signs being equally likely. */
function rankSumChances(ranks: readonly number[], total: number): Float64Array {
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const rank of ranks) {
    for (let sum = total; sum >= 0; sum--) {
      const without = chances[sum] as number;
      const withRank = sum >= rank ? (chances[sum - rank] as number) : 0;
      chances[sum] = (without + withRank) / 2;
    }
  }
  return chances;
}
