import type { KeyValue } from './client/types';
import { checkExperimentName, checkParam, checkTag, checkTogether } from './client/validation';
import { Journal } from './journal/journal';
import { journalFolder, type TrackingOptions } from './options';
import { resumeRun } from './resume-run';
import { Run, type EndStatus } from './run';
import { clientOf, makeSender, reach } from './sending';
import { sourceTags } from './source-tags';

export interface StartRunOptions extends TrackingOptions {
  /** Default: the parent's, `MLFLOW_EXPERIMENT_NAME`, or `Default`. It is made if there is none. */
  experimentName?: string;
  /** In place of the name. Default: `MLFLOW_EXPERIMENT_ID`. */
  experimentId?: string;
  /** Default: the server chooses a name. */
  runName?: string;
  /** The run that this one is nested under, or its id. */
  parent?: Run | string;
  params?: Record<string, unknown>;
  tags?: Record<string, unknown>;
  /** Shown on the run's page, as Markdown. */
  description?: string;
  /** What made the run, as the UI names its source. Default: the script. */
  sourceName?: string;
}

let resumedFromEnvironment = false;

/**
 * Starts a run: makes its journal and, unless `offline`, the run on the server. Throws an `MlflowError` if an option is wrong, or if the server
 * cannot be reached and `whenUnreachable` is `fail`. With `MLFLOW_RUN_ID` the first run of the process goes on with that one.
 *
 * The caller ends the run with `run.end()`; `withRun` does so by itself.
 */
export async function startRun(options: StartRunOptions = {}): Promise<Run> {
  const environmentId = process.env.MLFLOW_RUN_ID;
  if (environmentId && !resumedFromEnvironment && options.parent === undefined) {
    const run = await resumeRun(environmentId, options);
    resumedFromEnvironment = true;
    run.logParams(options.params ?? {});
    run.setTags(options.tags ?? {});
    return run;
  }
  const inherited = options.parent instanceof Run ? { ...options.parent.options, ...options } : options;
  const onWarning = inherited.onWarning ?? (() => undefined);
  const params = Object.fromEntries(
    checkTogether(options.params ?? {}, checkParam).map(({ key, value }) => [key, value]),
  );
  const tags = await startTags(options);
  const client = clientOf(inherited);
  const journal = Journal.create(
    journalFolder(inherited),
    {
      ...(client === undefined ? {} : { trackingUri: client.trackingUri }),
      experiment: experimentOf(options),
      ...(options.runName === undefined
        ? {}
        : { runName: checkTag('mlflow.runName', options.runName).value }),
      startTime: Date.now(),
      tags,
      ...(options.parent === undefined
        ? {}
        : { parent: options.parent instanceof Run ? options.parent.id : options.parent }),
    },
    onWarning,
  );
  const whenUnreachable =
    options.whenUnreachable ?? (options.parent === undefined ? inherited.whenUnreachable : 'journal');
  const sender = client === undefined ? undefined : makeSender(client, journal, inherited, false);
  if (sender !== undefined) await reach(sender, journal, { ...inherited, whenUnreachable }, true);
  const run = new Run({ journal, sender, client, options: inherited, knownParams: new Map() });
  run.logParams(params);
  return run;
}

/**
 * Runs `body` with a run that ends whatever happens: FINISHED when it resolves; when it rejects, KILLED if `signal` is aborted and else FAILED,
 * with the error as a tag, and the error goes on to the caller.
 */
export async function withRun<T>(
  options: StartRunOptions & { signal?: AbortSignal },
  body: (run: Run) => T | Promise<T>,
): Promise<T> {
  const run = await startRun(options);
  try {
    const result = await body(run);
    await run.end('FINISHED');
    return result;
  } catch (error) {
    const status: EndStatus = options.signal?.aborted ? 'KILLED' : 'FAILED';
    await run.end(status, { error });
    throw error;
  }
}

function experimentOf({
  experimentName,
  experimentId,
  parent,
}: StartRunOptions): { name: string } | { id: string } {
  if (experimentName !== undefined) {
    checkExperimentName(experimentName);
    return { name: experimentName };
  }
  if (experimentId !== undefined) return { id: experimentId };
  if (parent instanceof Run) {
    const inherited = parent.experimentId === undefined ? parent.experiment : { id: parent.experimentId };
    if (inherited !== undefined) return inherited;
  }
  const { MLFLOW_EXPERIMENT_NAME: name, MLFLOW_EXPERIMENT_ID: id } = process.env;
  if (name) {
    checkExperimentName(name);
    return { name };
  }
  return id ? { id } : { name: 'Default' };
}

async function startTags(options: StartRunOptions): Promise<KeyValue[]> {
  const own = checkTogether(options.tags ?? {}, checkTag);
  if (options.description !== undefined) own.push(checkTag('mlflow.note.content', options.description));
  const named = new Set(own.map(({ key }) => key));
  return [...(await sourceTags(options.sourceName)).filter(({ key }) => !named.has(key)), ...own];
}
