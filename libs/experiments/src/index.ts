export { parseCommandLine } from './command-line';
export { runCommand, Stopped } from './command';
export { duration } from './duration';
export { RunError, UsageError } from './errors';
export {
  checkAlpha,
  defaultHyperparametersDir,
  readHyperparameters,
  resolveParameters,
} from './hyperparameters';
export { evaluateRun, performRun, planRun, setThreads } from './lazy';
export { alphaGrids, lossTypes, modelTypes } from './names';
export { flagsOf, parameterTable, parseParameter } from './parameters';
export { prepareData, summariseSplit } from './prepare-data';
export { runKey } from './checkpoint-place';
export { scoreLogits } from './score';
export { defaultExperiment, runParams } from './tracked-run';

export type { CommandLine } from './command-line';
export type { StopSignal } from './command';
export type { EvaluateOptions, Evaluation } from './evaluate-run';
export type { RunEvent } from './events';
export type { Command, Flag } from './flags';
export type { ResolvedParameters } from './hyperparameters';
export type { PerformRunOptions } from './options';
export type { GivenParameters, ParameterName, Parameters } from './parameters';
export type { PreparedData } from './prepare-data';
export type { PartSummary, RunPlan, RunResult, Scores, SplitSummary } from './result';
