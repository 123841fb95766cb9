export { evaluateRun } from './evaluate-run';
export { performRun, planRun } from './perform-run';

export type { EvaluateOptions, Evaluation } from './evaluate-run';
