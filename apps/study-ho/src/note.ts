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
  { name, optimizeEce }: Study,
  trials: readonly TrialOutcome[],
  bestAlpha: number | null,
  cell: (trial: TrialOutcome) => string,
): string {
  const criterion = optimizeEce ? 'the lowest ECE' : 'the highest accuracy';
  const choice =
    bestAlpha === null
      ? `The value with ${criterion} on the validation part is chosen when all trials are done.`
      : `**alpha ${bestAlpha}** has ${criterion} on the validation part.`;
  const failed = trials.filter(({ status }) => status === 'FAILED').length;
  const warning =
    failed > 0 ? `\n\n${failed} of ${trials.length} trials failed and had no part in the choice.` : '';
  const rows = trials.map((trial) => {
    const { scores, status, alpha } = trial;
    const values = scores
      ? [scores.accuracy, scores.ece, scores.nll, scores.brier].map((v) => v.toFixed(4))
      : ['', '', '', ''];
    return `| ${[cell(trial), ...values, alpha === bestAlpha ? 'best' : status.toLowerCase()].join(' | ')} |`;
  });
  return [
    `Search over alpha: ${name}`,
    '',
    `${choice}${warning}`,
    '',
    '| alpha | accuracy | ECE | NLL | Brier | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
