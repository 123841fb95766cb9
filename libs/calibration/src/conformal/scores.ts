import { randomAt } from '../numerics/random';

/** How strange a class is for an example: `lac`, `aps` or `raps`. */
export type ConformalScore = 'lac' | 'aps' | 'raps';

/** All that a score depends on besides probabilities. */
export interface ScoreRule {
  readonly score: ConformalScore;
  /** Whether aps and raps take off a random part of the class's own probability. */
  readonly randomised: boolean;
  readonly seed: number;
  /** Penalty of raps for each rank beyond `freeRanks`. */
  readonly penalty: number;
  /** Ranks that raps does not penalise. */
  readonly freeRanks: number;
}

/** The random part, in (0, 1), that a rule takes off for an example; 0 where nothing is random. */
export function randomPart({ score, randomised, seed }: ScoreRule, example: number): number {
  return randomised && score !== 'lac' ? randomAt(seed, example) : 0;
}

/**
 * The score of one class: lac (Sadinle et al. 2019) is 1 - p. aps (Romano et al. 2020) is the sum of the probabilities from
 * the largest to the class's own, less `part` of its own. raps (Angelopoulos et al. 2021) adds penalty x (rank - freeRanks)
 * where that is positive. Of equal probabilities the first class ranks first.
 */
export function scoreOf(rule: ScoreRule, probabilities: Float64Array, label: number, part: number): number {
  const own = probabilities[label] as number;
  if (rule.score === 'lac') return 1 - own;
  let rank = 1;
  let sum = own;
  for (let k = 0; k < probabilities.length; k++) {
    const other = probabilities[k] as number;
    if (other > own || (other === own && k < label)) {
      rank++;
      sum += other;
    }
  }
  return sum - part * own + rankPenalty(rule, rank);
}

/** What raps adds at a rank, counted from 1. */
export function rankPenalty({ score, penalty, freeRanks }: ScoreRule, rank: number): number {
  return score === 'raps' ? penalty * Math.max(0, rank - freeRanks) : 0;
}
