import type { Report } from '../report';
import { correction } from '../significance';
import { scoreNames } from '../table';

type Cell = string | number | boolean | null;

/** A CSV text (RFC 4180): cells with commas, quotes or line breaks are quoted; null is an empty cell. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const write = (value: Cell) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [head, ...rows].map((row) => `${row.map(write).join(',')}\r\n`).join('');
}

/** One line a row of the tables, numbers unrounded. */
export function scoresCsv({ sections }: Report): string {
  const head = [
    ...['dataset', 'model', 'loss', 'label', 'alpha', 'alpha_chosen_by', 'calibration', 'settings'],
    ...['seeds', 'missing_seeds'],
    ...scoreNames.flatMap((name) => [
      `${name}_mean`,
      `${name}_std`,
      `${name}_low`,
      `${name}_high`,
      `${name}_runs`,
      `${name}_diverged`,
      `${name}_best`,
    ]),
  ];
  const rows = sections.flatMap(({ dataset, model, rows }) =>
    rows.map(({ variant, label, runs, missing, scores }): Cell[] => [
      dataset,
      model,
      variant.loss,
      label,
      variant.alpha,
      variant.chosenBy,
      variant.calibration,
      Object.entries(variant.settings)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
      runs.map(({ seed }) => seed).join(' '),
      missing.join(' '),
      ...scoreNames.flatMap((name): Cell[] => {
        const summary = scores[name];
        if (summary === null) return [null, null, null, null, null, null, null];
        const [low, high] = summary.interval ?? [null, null];
        return [summary.mean, summary.deviation, low, high, summary.runs, summary.diverged, summary.best];
      }),
    ]),
  );
  return csv(head, rows);
}

/** One line a run in the tables; a score that diverged is NaN, Infinity or -Infinity. */
export function runsCsv({ sections }: Report): string {
  const head = ['run_id', 'dataset', 'model', 'loss', 'label', 'alpha', 'seed', ...scoreNames];
  const rows = sections.flatMap((section) =>
    section.rows.flatMap(({ label, runs }) =>
      runs.map((run): Cell[] => [
        ...[run.runId, run.dataset, run.model, run.loss, label, run.alpha, run.seed],
        ...scoreNames.map((name) => run[name]),
      ]),
    ),
  );
  return csv(head, rows);
}

/** One line a paired test. */
export function testsCsv({ sections }: Report): string {
  const head = [
    ...['dataset', 'model', 'score', 'first', 'second', 'common_seeds', 'mean_difference'],
    ...[
      't_test_p',
      `t_test_p_${correction.toLowerCase()}`,
      'wilcoxon_p',
      `wilcoxon_p_${correction.toLowerCase()}`,
    ],
  ];
  const rows = sections.flatMap(({ dataset, model, comparisons }) =>
    comparisons.map((comparison): Cell[] => [
      ...[dataset, model, comparison.score, comparison.first, comparison.second],
      ...[comparison.seeds, comparison.difference],
      ...[comparison.tTest, comparison.tTestAdjusted, comparison.wilcoxon, comparison.wilcoxonAdjusted],
    ]),
  );
  return csv(head, rows);
}
