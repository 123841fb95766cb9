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

/** What a cell of the table of scores shows. */
export interface ScoreCell {
  /** A dash where the score is missing, a word where it is finite for no run. */
  readonly mean: string;
  /** Null where there is none. */
  readonly deviation: string | null;
  /** How many runs the mean is over where others diverged; null where none did. */
  readonly remark: string | null;
}

/** The parts of a cell of the table of scores. */
export function scoreCell(summary: Summary | null): ScoreCell {
  if (summary === null) return { mean: '–', deviation: null, remark: null };
  const { mean, deviation, runs, diverged } = summary;
  if (mean === null) return { mean: 'diverged', deviation: null, remark: null };
  return {
    mean: mean.toFixed(decimals),
    deviation: deviation?.toFixed(decimals) ?? null,
    remark: diverged === 0 ? null : `n = ${runs}, ${diverged} diverged`,
  };
}

/** A cell as text, such as "0.9832 ± 0.0004", with what diverged behind it: "(n = 3, 1 diverged)". */
export function scoreText(summary: Summary | null): string {
  const { mean, deviation, remark } = scoreCell(summary);
  return [
    mean,
    ...(deviation === null ? [] : [`± ${deviation}`]),
    ...(remark === null ? [] : [`(${remark})`]),
  ].join(' ');
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
