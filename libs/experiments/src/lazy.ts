import type { RunDataOptions } from './data-of-run';
import type { Evaluation } from './evaluate-run';
import type { PerformRunOptions } from './run/options';
import type { Parameters } from './parameters/parameters';
import type { FileScores, RunPlan, RunResult } from './run/result';

/**
 * Sets the number of TensorFlow's threads for this process and its children; 0 leaves the choice to TensorFlow. Takes
 * effect only before anything that needs TensorFlow is used or imported.
 */
export function setThreads(threads: number): void {
  if (threads === 0) return;
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] = String(threads);
}

/** See `performRun` of `@label-relaxation/experiments/run`; TensorFlow is loaded at the first call. */
export async function performRun(
  parameters: Parameters,
  options: PerformRunOptions = {},
): Promise<RunResult> {
  setThreads(parameters.threads);
  const run = await import('@label-relaxation/experiments/run');
  return run.performRun(parameters, options);
}

/** See `planRun` of `@label-relaxation/experiments/run`; TensorFlow is loaded at the first call. */
export async function planRun(parameters: Parameters, options: PerformRunOptions = {}): Promise<RunPlan> {
  setThreads(parameters.threads);
  const run = await import('@label-relaxation/experiments/run');
  return run.planRun(parameters, options);
}

/** Settles the number format of parameters where it is `auto`; TensorFlow is loaded for that. */
export async function withPrecision(parameters: Parameters): Promise<Parameters> {
  if (parameters.precision !== 'auto') return parameters;
  setThreads(parameters.threads);
  const run = await import('@label-relaxation/experiments/run');
  return run.withPrecision(parameters);
}

/** See `scoreFile` of `@label-relaxation/experiments/run`. */
export async function scoreFile(
  path: string,
  parameters: Parameters,
  options: PerformRunOptions = {},
): Promise<FileScores> {
  const run = await import('@label-relaxation/experiments/run');
  return run.scoreFile(path, parameters, options);
}

/** See `evaluateRun` of `@label-relaxation/experiments/run`; TensorFlow is loaded at the first call. */
export async function evaluateRun(runId: string, options: RunDataOptions = {}): Promise<Evaluation> {
  const run = await import('@label-relaxation/experiments/run');
  return run.evaluateRun(runId, options);
}
