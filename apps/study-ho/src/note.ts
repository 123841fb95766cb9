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
  const rows = trials.map((trial) => {
    const { scores, status, alpha } = trial;
    const values = scores
      ? [scores.accuracy, scores.ece, scores.nll, scores.brier, scores.refinement].map(
          (v) => v?.toFixed(4) ?? '',
        )
      : ['', '', '', '', ''];
    return `| ${[cell(trial), ...values, alpha === bestAlpha ? 'best' : status.toLowerCase()].join(' | ')} |`;
  });
  return [
    `Search over alpha: ${name}`,
    '',
    `${choice}${warning}`,
    '',
    '| alpha | accuracy | ECE | NLL | Brier | refinement | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
