export { parseCommandLine } from './parameters/command-line';
export { runCommand, Stopped, stopSignals } from './command';
export { duration } from './duration';
export { MissingInput, RunError, UsageError } from './errors';
export {
  checkAlpha,
  defaultHyperparametersDir,
  readHyperparameters,
  resolveParameters,
} from './parameters/hyperparameters';
export { dataOfRun } from './data-of-run';
export { exportRun } from './export-run';
export { evaluateRun, performRun, planRun, scoreFile, setThreads, withPrecision } from './lazy';
export { lossOf } from './modules/own-loss';
export { withModuleDigests } from './modules/contents';
export { modelTypeOf, modelTypes, titleOf } from './parameters/names';
export { flagsOf, parameterTable, parseParameter } from './parameters/parameters';
export { userPath } from './parameters/user-paths';
export { checkTrackingUri } from './parameters/tracking-uri';
export { criterionLoss, criterionTitle } from './run/criterion';
export { prepareData, summariseSplit } from './run/prepare-data';
export { datasetDigest } from './run/load-data';
export { changedContent, contentsOf, runKey } from './tracking/checkpoint-place';
export { ensureTrackingServer } from './tracking/ensure-server';
export { diagramDataFile } from './tracking/artifact-names';
export { readJsonArtifact } from './tracking/json-artifact';
export { scoreLogits } from './run/score';
export { scoresOnly } from './run/scores-only';
export { defaultExperiment, runParams } from './tracking/tracked-run';

export type { LossFlag, LossModule, OwnAlpha } from './modules/own-loss';
export type { CommandLine } from './parameters/command-line';
export type { StopSignal } from './command';
export type { RunDataOptions } from './data-of-run';
export type { Evaluation } from './evaluate-run';
export type { ExportedModel, ExportFormat, ExportRunOptions } from './export-run';
export type { RunEvent } from './run/events';
export type { Command, Flag } from './parameters/flags';
export type { ResolvedParameters } from './parameters/hyperparameters';
export type { ConformalScores } from './run/calibration';
export type { Criterion } from './run/criterion';
export type { PerformRunOptions } from './run/options';
export type { GivenParameters, ParameterName, Parameters } from './parameters/parameters';
export type { PreparedData } from './run/prepare-data';
export type {
  CalibratedScores,
  FileScores,
  PartSummary,
  RunPlan,
  RunResult,
  Scores,
  SplitSummary,
} from './run/result';
