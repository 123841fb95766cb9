import { writeSeeds } from '../seeds';
import type { ReportLayout } from '../report';
import type { Block, Row, ScoreName, Summary } from '../table';

/** Decimals of scores: the fourth is the last that 10,000 test examples resolve. */
const decimals = 4;

/** A column of the table of scores. */
export interface Column {
  readonly title: string;
  readonly score: ScoreName;
  /** Null where neither is. */
  readonly better: 'higher' | 'lower' | null;
}

const titles: Readonly<Record<ScoreName, Omit<Column, 'score'>>> = {
  accuracy: { title: 'Accuracy', better: 'higher' },
  ece: { title: 'ECE', better: 'lower' },
  nll: { title: 'NLL', better: 'lower' },
  brier: { title: 'Brier', better: 'lower' },
  refinement: { title: 'Refinement', better: 'lower' },
  smooth_ece: { title: 'Smooth ECE', better: 'lower' },
  aurc: { title: 'AURC', better: 'lower' },
  coverage: { title: 'Coverage', better: null },
  set_size: { title: 'Set size', better: 'lower' },
};

/** The columns that a report was asked for. */
export function columnsOf({ columns }: Pick<ReportLayout, 'columns'>): Column[] {
  return columns.map((score) => ({ score, ...titles[score] }));
}

/** A column's title with the direction that is better. */
export function columnTitle({ title, better }: Column, up = '↑', down = '↓'): string {
  return better === null ? title : `${title} ${better === 'higher' ? up : down}`;
}

/** What a cell of the table of scores shows. */
export interface ScoreCell {
  /** A dash where the score is missing, a word where it is finite for no run. */
  readonly mean: string;
  /** Null where there is none, or where the interval is shown. */
  readonly deviation: string | null;
  /** Such as "[0.9821, 0.9843]"; null where it is not shown. */
  readonly interval: string | null;
  /** How many runs the mean is over where others diverged; null where none did. */
  readonly remark: string | null;
}

/** The parts of a cell of the table of scores. */
export function scoreCell(summary: Summary | null, intervals: boolean): ScoreCell {
  const nothing = { deviation: null, interval: null, remark: null };
  if (summary === null) return { mean: '–', ...nothing };
  const { mean, deviation, interval, runs, diverged } = summary;
  if (mean === null) return { mean: 'diverged', ...nothing };
  return {
    mean: mean.toFixed(decimals),
    deviation: intervals ? null : (deviation?.toFixed(decimals) ?? null),
    interval: intervals && interval ? `[${interval.map((end) => end.toFixed(decimals)).join(', ')}]` : null,
    remark: diverged === 0 ? null : `n = ${runs}, ${diverged} diverged`,
  };
}

/** A cell as text, such as "0.9832 ± 0.0004", with what diverged behind it: "(n = 3, 1 diverged)". */
export function scoreText(summary: Summary | null, intervals: boolean): string {
  const { mean, deviation, interval, remark } = scoreCell(summary, intervals);
  return [
    mean,
    ...(deviation === null ? [] : [`± ${deviation}`]),
    ...(interval === null ? [] : [interval]),
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
