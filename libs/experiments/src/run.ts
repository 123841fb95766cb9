export { evaluateRun } from './evaluate-run';
export { performRun, planRun } from './perform-run';
export { withPrecision } from './run/precision';
export { scoreFile } from './score-file';

export type { Evaluation } from './evaluate-run';
