export { evaluateRun } from './evaluate-run';
export { performRun, planRun } from './perform-run';
export { scoreFile } from './score-file';

export type { EvaluateOptions, Evaluation } from './evaluate-run';
