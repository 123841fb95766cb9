import type { ScoredPart, StudyRun } from './runs';
import { ownSettings, varyingSettings } from './settings';
import { bootstrapInterval } from './statistics/bootstrap-interval';
import { mean, standardDeviation } from './statistics/moments';
import type { Variant } from './variant';
import { compareVariants, variantKey, variantLabel, variantOf } from './variant';

/** The scores that a table can show. */
export const scoreNames = [
  'accuracy',
  'ece',
  'nll',
  'brier',
  'refinement',
  'coverage',
  'set_size',
  'smooth_ece',
  'aurc',
] as const;

/** One of the scores. */
export type ScoreName = (typeof scoreNames)[number];

/** Of each score, whether the largest or the smallest mean is the best. */
const bestIs: Readonly<Record<ScoreName, (a: number, b: number) => boolean>> = {
  accuracy: (a, b) => a > b,
  ece: (a, b) => a < b,
  nll: (a, b) => a < b,
  brier: (a, b) => a < b,
  refinement: (a, b) => a < b,
  smooth_ece: (a, b) => a < b,
  aurc: (a, b) => a < b,
  // A set is to hold the right class as often as was asked for, neither less nor more.
  coverage: () => false,
  set_size: (a, b) => a < b,
};

/** A score over seeds. */
export interface Summary {
  /** Over the runs of which it is finite; null where it is of none. */
  readonly mean: number | null;
  /** Sample standard deviation; null for fewer than two such runs. */
  readonly deviation: number | null;
  /** The 95% bootstrap interval of the mean over seeds; null for fewer than two such runs. */
  readonly interval: readonly [number, number] | null;
  /** How many runs mean and deviation are over. */
  readonly runs: number;
  /** How many runs have NaN or an infinity. */
  readonly diverged: number;
  /** Whether none of its runs diverged and no other such row of its block has a better mean. */
  readonly best: boolean;
}

/** Runs that differ by their seed alone. */
export interface Row {
  readonly variant: Variant;
  readonly label: string;
  /** One a seed, by seed. */
  readonly runs: readonly StudyRun[];
  /** Seeds that other rows of the block have, or that were asked for, and this one has not. */
  readonly missing: readonly number[];
  /** Null where a run lacks the score. */
  readonly scores: Readonly<Record<ScoreName, Summary | null>>;
}

/** The rows of one data set and network, the best of each column marked. */
export interface Block {
  readonly dataset: string;
  readonly model: string;
  readonly seeds: readonly number[];
  readonly rows: readonly Row[];
}

/** The table, and how many runs were left out because a newer one has the same settings and seed. */
export interface Table {
  readonly blocks: readonly Block[];
  readonly superseded: number;
}

/** Splits a list into groups of one key, in the order in which the keys first appear. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** The newest run of each group of one key. */
export function newest(runs: readonly StudyRun[], key: (run: StudyRun) => string): StudyRun[] {
  return groupBy(runs, key).map((group) => group.reduce((a, b) => (b.startTime > a.startTime ? b : a)));
}

/**
 * The paper's table from runs scored on the given part: one block a data set and network, one row a loss with its setting. A run
 * that is nested in another one of the table is that one's trial and does not count.
 *
 * @param seeds the seeds that each row should have; null takes those that any row of the block has
 */
export function makeTable(
  runs: readonly StudyRun[],
  scored: ScoredPart,
  seeds: readonly number[] | null,
): Table {
  const candidates = runs.filter((run) => run.scored === scored);
  const ids = new Set(candidates.map(({ runId }) => runId));
  const own = candidates.filter(({ parentRunId }) => parentRunId === null || !ids.has(parentRunId));
  const kept = newest(own, (run) =>
    JSON.stringify([run.dataset, run.model, variantKey(variantOf(run)), run.seed]),
  );
  const blocks = groupBy(kept, ({ dataset, model }) => JSON.stringify([dataset, model]))
    .map((group) => makeBlock(group, seeds))
    .sort((a, b) => a.dataset.localeCompare(b.dataset) || a.model.localeCompare(b.model));
  return { blocks, superseded: own.length - kept.length };
}

function makeBlock(runs: readonly StudyRun[], wanted: readonly number[] | null): Block {
  const { dataset, model } = runs[0] as StudyRun;
  const ascending = (a: number, b: number) => a - b;
  const seeds = [...new Set(wanted ?? runs.map(({ seed }) => seed))].sort(ascending);
  const rows = groupBy(runs, (run) => variantKey(variantOf(run))).map((group) => {
    const variant = variantOf(group[0] as StudyRun);
    const scores = Object.fromEntries(
      scoreNames.map((name) => [name, summarise(group.map((run) => run[name]))]),
    );
    return {
      variant,
      label: variantLabel(variant, namedSettings(variant, runs)),
      runs: [...group].sort((a, b) => a.seed - b.seed),
      missing: seeds.filter((seed) => !group.some((run) => run.seed === seed)),
      scores: scores as Record<ScoreName, Summary | null>,
    };
  });
  return {
    dataset,
    model,
    seeds,
    rows: markBest(rows.sort((a, b) => compareVariants(a.variant, b.variant))),
  };
}

/** The settings that a row's name must tell: those that vary in the block, or, where a loss has its own, in its rows. */
function namedSettings({ loss, settings }: Variant, runs: readonly StudyRun[]): string[] {
  return Object.keys(settings).filter((name) => {
    const compared = ownSettings.includes(name)
      ? runs.filter((run) => run.loss === loss && name in run.settings)
      : runs;
    return varyingSettings(compared.map((run) => run.settings)).includes(name);
  });
}

function summarise(values: readonly (number | null)[]): Summary | null {
  const numbers = values.filter((value): value is number => value !== null);
  if (numbers.length < values.length) return null;
  const finite = numbers.filter(Number.isFinite);
  return {
    mean: finite.length === 0 ? null : mean(finite),
    deviation: standardDeviation(finite),
    interval: bootstrapInterval(finite),
    runs: finite.length,
    diverged: numbers.length - finite.length,
    best: false,
  };
}

/** The mean by which a score competes for the best; null where one of its runs diverged. */
function rival(summary: Summary | null): number | null {
  return summary?.diverged === 0 ? summary.mean : null;
}

function markBest(rows: readonly Row[]): Row[] {
  const isBest = (name: ScoreName, summary: Summary) => {
    const own = rival(summary);
    if (own === null || name === 'coverage') return false;
    return !rows.some(({ scores }) => {
      const other = rival(scores[name]);
      return other !== null && bestIs[name](other, own);
    });
  };
  return rows.map((row) => ({
    ...row,
    scores: Object.fromEntries(
      scoreNames.map((name) => {
        const summary = row.scores[name];
        return [name, summary && { ...summary, best: isBest(name, summary) }];
      }),
    ) as Record<ScoreName, Summary | null>,
  }));
}
