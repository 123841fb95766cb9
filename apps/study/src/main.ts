import type { GivenParameters } from '@label-relaxation/experiments';
import {
  evaluateRun,
  parseCommandLine,
  performRun,
  planRun,
  resolveParameters,
  runCommand,
  setThreads,
  UsageError,
} from '@label-relaxation/experiments';
import { createReporter } from './progress';
import { describeEvaluation, describePlan, describeResult } from './text';

const usage = `npm run study -- [flags]
npm run study -- evaluate RUN_ID [flags]

Trains a network with one of four losses and scores its accuracy and calibration.
evaluate loads the model of a tracked run and scores it again.`;
const epilogue =
  'Switches take True or False, or stand alone. A flag beats the hyper-parameter file, which beats the default.';

async function main(signal: AbortSignal): Promise<number> {
  const { given, words, help } = await parseCommandLine('study', process.argv.slice(2), usage, epilogue);
  if (help !== null) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const reporter = createReporter(process.stderr, given.cluster_job ?? false);
  try {
    const options = { signal, onEvent: reporter.tell.bind(reporter) };
    const [outcome, text] = await perform(given, words, options);
    reporter.close();
    process.stdout.write(given.json ? `${JSON.stringify(outcome)}\n` : text);
    return 0;
  } finally {
    reporter.close();
  }
}

type Options = NonNullable<Parameters<typeof performRun>[1]>;

/** Does what the words ask for; gives its outcome, and that as text for a person. */
async function perform(
  given: GivenParameters,
  words: readonly string[],
  options: Options,
): Promise<[object, string]> {
  const [command, runId, ...more] = words;
  if (command === undefined) return train(given, options);
  if (command !== 'evaluate') {
    throw new UsageError(
      `"${command}" is nothing that study does: flags begin with --, and --help lists them`,
    );
  }
  if (runId === undefined || more.length > 0)
    throw new UsageError('evaluate takes the id of one run: evaluate RUN_ID');
  setThreads(given.threads ?? 0);
  const evaluation = await evaluateRun(runId, {
    ...options,
    ...(given.tracking_uri ? { trackingUri: given.tracking_uri } : {}),
    ...(given.data_dir ? { dataDir: given.data_dir } : {}),
  });
  return [evaluation, describeEvaluation(evaluation)];
}

async function train(given: GivenParameters, options: Options): Promise<[object, string]> {
  const { parameters, warnings } = resolveParameters(given);
  for (const message of warnings) options.onEvent?.({ type: 'warning', message });
  if (parameters.dry_run) {
    const plan = await planRun(parameters, options);
    return [plan, describePlan(plan)];
  }
  const result = await performRun(parameters, options);
  return [result, describeResult(result)];
}

void runCommand(main);
