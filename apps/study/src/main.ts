import type { GivenParameters, PerformRunOptions } from '@label-relaxation/experiments';
import {
  ensureTrackingServer,
  evaluateRun,
  exportRun,
  parseCommandLine,
  performRun,
  planRun,
  resolveParameters,
  runCommand,
  scoreFile,
  setThreads,
  UsageError,
  userPath,
} from '@label-relaxation/experiments';
import { syncJournal } from '@label-relaxation/tracking';
import { createReporter } from './progress';
import {
  describeEvaluation,
  describeExport,
  describeFileScores,
  describePlan,
  describeResult,
  describeSync,
} from './text';

const usage = `npm run study -- [flags]
npm run study -- evaluate RUN_ID [flags]
npm run study -- export RUN_ID --to FOLDER [--format onnx|tfjs|saved_model|transformers]
npm run study -- score FILE --predictions logits|probabilities [flags]
npm run study -- sync [flags]

Trains a network with a loss and scores its accuracy and calibration.
evaluate loads the model of a tracked run and scores it again.
export writes it into a folder, for programs in JavaScript or Python.
score takes predictions and labels from an .npz or CSV file, scores them and tracks that as a run.
sync sends what waits on disk, of runs that were offline or cut off, to the MLflow server.`;
const epilogue =
  'Switches take True or False, or stand alone. A flag beats the hyper-parameter file, which beats the default.';

/** What a command came to: for `--json`, for a person, and as an exit code. */
interface Outcome {
  readonly value: object;
  readonly text: string;
  readonly code?: number;
}

async function main(signal: AbortSignal): Promise<number> {
  const { given, words, help } = await parseCommandLine('study', process.argv.slice(2), usage, epilogue);
  if (help !== null) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const reporter = createReporter(process.stderr, given.cluster_job ?? false);
  try {
    const {
      value,
      text,
      code = 0,
    } = await perform(given, words, {
      signal,
      onEvent: (event) => reporter.tell(event),
    });
    reporter.close();
    process.stdout.write(given.json ? `${JSON.stringify(value)}\n` : text);
    return code;
  } finally {
    reporter.close();
  }
}

function perform(
  given: GivenParameters,
  [command, ...words]: readonly string[],
  options: PerformRunOptions,
): Promise<Outcome> {
  if (command === undefined) return train(given, options);
  if (command === 'evaluate') return evaluate(given, words, options);
  if (command === 'export') return exportModel(given, words, options);
  if (command === 'score') return score(given, words, options);
  if (command === 'sync') return sync(given, words, options);
  throw new UsageError(`"${command}" is nothing that study does: flags begin with --, and --help lists them`);
}

async function train(given: GivenParameters, options: PerformRunOptions): Promise<Outcome> {
  if (given.to || given.format)
    throw new UsageError('--to and --format are flags of: export RUN_ID --to FOLDER');
  const { parameters, warnings } = resolveParameters(given);
  for (const message of warnings) options.onEvent?.({ type: 'warning', message });
  if (parameters.dry_run) {
    const plan = await planRun(parameters, options);
    return { value: plan, text: describePlan(plan) };
  }
  if (!parameters.offline) await ensureTrackingServer(parameters.tracking_uri, options.signal);
  const result = await performRun(parameters, {
    ...options,
    tags: { 'mlflow.source.name': 'npm run study' },
  });
  return { value: result, text: describeResult(result) };
}

/** The run id that is a command's only word. */
function runIdOf([runId, ...more]: readonly string[], usage: string): string {
  if (runId === undefined || more.length > 0) throw new UsageError(usage);
  return runId;
}

async function evaluate(
  given: GivenParameters,
  words: readonly string[],
  options: PerformRunOptions,
): Promise<Outcome> {
  const runId = runIdOf(words, 'evaluate takes the id of one run: evaluate RUN_ID');
  await ensureTrackingServer(given.tracking_uri, options.signal);
  setThreads(given.threads ?? 0);
  const evaluation = await evaluateRun(runId, {
    ...options,
    ...(given.tracking_uri ? { trackingUri: given.tracking_uri } : {}),
    ...(given.data_dir ? { dataDir: given.data_dir } : {}),
  });
  return { value: evaluation, text: describeEvaluation(evaluation) };
}

async function exportModel(
  given: GivenParameters,
  words: readonly string[],
  { signal }: PerformRunOptions,
): Promise<Outcome> {
  const usage = 'export takes the id of one run and a folder: export RUN_ID --to FOLDER';
  const runId = runIdOf(words, usage);
  const { to, format = 'onnx', tracking_uri } = given;
  if (!to) throw new UsageError(usage);
  await ensureTrackingServer(tracking_uri, signal);
  const exported = await exportRun(runId, {
    to,
    format,
    ...(tracking_uri ? { trackingUri: tracking_uri } : {}),
    ...(signal ? { signal } : {}),
  });
  return { value: exported, text: describeExport(exported) };
}

async function score(
  given: GivenParameters,
  words: readonly string[],
  options: PerformRunOptions,
): Promise<Outcome> {
  const [file] = words;
  if (file === undefined || words.length > 1) throw new UsageError('score takes one file: score FILE');
  const { parameters } = resolveParameters({ ...given, alpha: 0.1 });
  if (!parameters.offline) await ensureTrackingServer(parameters.tracking_uri, options.signal);
  const scores = await scoreFile(userPath(file), parameters, {
    ...options,
    tags: { 'mlflow.source.name': 'npm run study -- score' },
  });
  return { value: scores, text: describeFileScores(scores) };
}

async function sync(
  given: GivenParameters,
  words: readonly string[],
  { signal, onEvent }: PerformRunOptions,
): Promise<Outcome> {
  if (words.length > 0) throw new UsageError('sync takes flags only, such as --tracking_uri');
  await ensureTrackingServer(given.tracking_uri, signal);
  const report = await syncJournal({
    ...(given.tracking_uri ? { trackingUri: given.tracking_uri } : {}),
    ...(signal ? { signal } : {}),
    onWarning: (message) => onEvent?.({ type: 'warning', message }),
  });
  return { value: report, text: describeSync(report), code: report.waiting > 0 ? 1 : 0 };
}

void runCommand(main);
