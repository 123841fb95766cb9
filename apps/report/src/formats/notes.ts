import type { Report } from '../report';
import { correction } from '../significance';
import { writeSeeds } from '../seeds';

/** Sentences that every format puts under its tables. */
export function notes({ scored, seeds, sections, superseded, columns, intervals }: Report): string[] {
  const lines = [
    `Scores are of the ${scored} data: mean ${intervals ? 'and its 95% bootstrap interval' : '± sample standard deviation'} over seeds; the best mean of each column is bold. ECE has 15 bins of equal width, Brier scores sum over classes.`,
    `Tests compare two losses over the seeds that both have, on all pairs of a table: the paired t-test and Wilcoxon's signed-rank test (exact), both two-sided, p-values adjusted by ${correction}'s method for the number of pairs.`,
  ];
  if (columns.includes('refinement')) {
    lines.push(
      'Refinement is the NLL that is left after temperature scaling, fitted and taken on different folds.',
    );
  }
  if (columns.includes('aurc')) {
    lines.push(
      'AURC is the area under the risk-coverage curve: the error rate, averaged over all coverages.',
    );
  }
  const fewest = Math.min(
    ...sections.flatMap(({ comparisons }) => comparisons.map((comparison) => comparison.seeds)),
  );
  if (fewest < 6) {
    lines.push(
      'With fewer than 6 common seeds the signed-rank test cannot fall below 0.05, however large the difference.',
    );
  }
  const rows = sections.flatMap((section) => section.rows);
  if (
    rows.some(({ scores }) => Object.values(scores).some((score) => score !== null && score.diverged > 0))
  ) {
    lines.push(
      'A score that is not a finite number is said to have diverged: the mean is over the other runs, n of them, is not marked as the best, and tests leave the seed out.',
    );
  }
  if (seeds !== null) lines.push(`Asked for: seeds ${writeSeeds(seeds)}.`);
  if (superseded > 0) {
    lines.push(
      superseded === 1
        ? 'One run was left out: a newer one has the same settings and seed.'
        : `${superseded} runs were left out: newer ones have the same settings and seed.`,
    );
  }
  return lines;
}

/** When the report was made, to the minute. */
export function createdText({ created }: Report): string {
  return `${created.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
