import { criterionTitle } from '@label-relaxation/experiments';
import type { Study } from './study';
import type { TrialOutcome } from './outcome';

const maxLength = 8000;

/** The parent's note: a Markdown table of its trials, linked to their runs as long as MLflow's limit on notes allows. */
export function studyNote(
  study: Study,
  trials: readonly TrialOutcome[],
  bestAlpha: number | null,
  runUrl: (runId: string) => string,
): string {
  const linked = table(study, trials, bestAlpha, ({ alpha, runId }) => `[${alpha}](${runUrl(runId)})`);
  if (linked.length <= maxLength) return linked;
  return table(study, trials, bestAlpha, ({ alpha }) => String(alpha)).slice(0, maxLength);
}

/** The scores that the table has where a trial has them, and their titles. */
const columns = [
  ['accuracy', 'accuracy'],
  ['ece', 'ECE'],
  ['nll', 'NLL'],
  ['brier', 'Brier'],
  ['refinement', 'refinement'],
  ['smooth_ece', 'smooth ECE'],
  ['aurc', 'AURC'],
] as const;

function table(
  { name, criterion }: Study,
  trials: readonly TrialOutcome[],
  bestAlpha: number | null,
  cell: (trial: TrialOutcome) => string,
): string {
  const title = `the ${criterionTitle(criterion)}`;
  const choice =
    bestAlpha === null
      ? `The value with ${title} on the validation part is chosen when all trials are done.`
      : `**alpha ${bestAlpha}** has ${title} on the validation part.`;
  const failed = trials.filter(({ status }) => status === 'FAILED').length;
  const warning =
    failed > 0 ? `\n\n${failed} of ${trials.length} trials failed and had no part in the choice.` : '';
  const shown = columns.filter(([score]) => trials.some(({ scores }) => (scores?.[score] ?? null) !== null));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = trials.map((trial) => {
    const { scores, status, alpha } = trial;
    const values = shown.map(([score]) => scores?.[score]?.toFixed(4) ?? '');
    return row([cell(trial), ...values, alpha === bestAlpha ? 'best' : status.toLowerCase()]);
  });
  return [
    `Search over alpha: ${name}`,
    '',
    `${choice}${warning}`,
    '',
    row(['alpha', ...shown.map(([, title]) => title), '']),
    row(['alpha', ...shown, ''].map(() => '---')),
    ...rows,
  ].join('\n');
}
