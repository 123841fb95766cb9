import { holm } from './statistics/holm';
import { mean } from './statistics/moments';
import { pairedTTest } from './statistics/paired-t-test';
import { wilcoxonSignedRank } from './statistics/wilcoxon';
import type { Block, Row } from './table';

/** The correction for many comparisons; a family is all pairs of a block's rows on one score. */
export const correction = 'Holm';

/** Two rows of a block compared over the seeds that both have. */
export interface Comparison {
  readonly score: 'accuracy' | 'ece';
  readonly first: string;
  readonly second: string;
  /** How many seeds both have, with a finite score. */
  readonly seeds: number;
  /** Mean of first - second; null without a common seed. */
  readonly difference: number | null;
  /** Two-sided p-values, null where the test is not possible (fewer than two common seeds, say); adjusted by the correction. */
  readonly tTest: number | null;
  readonly tTestAdjusted: number | null;
  readonly wilcoxon: number | null;
  readonly wilcoxonAdjusted: number | null;
}

/** Compares every two rows of a block, on accuracy and on ECE. */
export function compareRows({ rows }: Block): Comparison[] {
  const pairs = rows.flatMap((first, i) => rows.slice(i + 1).map((second) => [first, second] as const));
  return (['accuracy', 'ece'] as const).flatMap((score) => {
    const differences = pairs.map(([first, second]) => pairedDifferences(first, second, score));
    const tTests = differences.map(pairedTTest);
    const ranks = differences.map((values) => (values.length < 2 ? null : wilcoxonSignedRank(values)));
    const tTestsAdjusted = holm(tTests);
    const ranksAdjusted = holm(ranks);
    return pairs.map(([first, second], i): Comparison => {
      const values = differences[i] as number[];
      return {
        score,
        first: first.label,
        second: second.label,
        seeds: values.length,
        difference: values.length === 0 ? null : mean(values),
        tTest: tTests[i] ?? null,
        tTestAdjusted: tTestsAdjusted[i] ?? null,
        wilcoxon: ranks[i] ?? null,
        wilcoxonAdjusted: ranksAdjusted[i] ?? null,
      };
    });
  });
}

/** Differences seed by seed, of the seeds for which both scores are finite. */
function pairedDifferences(first: Row, second: Row, score: 'accuracy' | 'ece'): number[] {
  const bySeed = new Map(second.runs.map((run) => [run.seed, run]));
  return first.runs.flatMap((run) => {
    const partner = bySeed.get(run.seed);
    const difference = partner === undefined ? NaN : run[score] - partner[score];
    return Number.isFinite(difference) ? [difference] : [];
  });
}
