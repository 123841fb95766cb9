import { writeSeeds } from '../seeds';
import type { Block, Row, ScoreName, Summary } from '../table';

/** Decimals of scores: the fourth is the last that 10,000 test examples resolve. */
const decimals = 4;

/** A column of the table of scores. */
export interface Column {
  readonly title: string;
  readonly score: ScoreName;
  readonly better: 'higher' | 'lower';
}

export const columns: readonly Column[] = [
  { title: 'Accuracy', score: 'accuracy', better: 'higher' },
  { title: 'ECE', score: 'ece', better: 'lower' },
  { title: 'NLL', score: 'nll', better: 'lower' },
  { title: 'Brier', score: 'brier', better: 'lower' },
];

/** Mean and standard deviation, such as "0.9832 ± 0.0004"; a dash where the score is missing. */
export function scoreText(summary: Summary | null): string {
  if (summary === null) return '–';
  const { mean, deviation } = summary;
  return deviation === null
    ? mean.toFixed(decimals)
    : `${mean.toFixed(decimals)} ± ${deviation.toFixed(decimals)}`;
}

/** A difference with its sign. */
export function differenceText(difference: number | null): string {
  if (difference === null) return '–';
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(decimals)}`;
}

/** A p-value to three decimals; a dash where the test is not possible. */
export function pText(p: number | null): string {
  if (p === null) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** The seeds that a row has and those that it lacks. */
export function seedsText({ runs, missing }: Row): string {
  const present = writeSeeds(runs.map(({ seed }) => seed));
  return missing.length === 0 ? present : `${present}; missing: ${writeSeeds(missing)}`;
}

/** The values that a search chose, by seed; null where alpha was given. */
export function chosenText({ variant, runs }: Row): string | null {
  return variant.chosenBy === null ? null : runs.map(({ alpha }) => alpha).join(', ');
}

/** Whether a block needs a column for chosen values. */
export function hasSearches({ rows }: Block): boolean {
  return rows.some(({ variant }) => variant.chosenBy !== null);
}
