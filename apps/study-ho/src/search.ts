import type { Criterion } from '@label-relaxation/experiments';
import { criterionTitle, ensureTrackingServer, planRun, RunError } from '@label-relaxation/experiments';
import { MlflowClient } from '@label-relaxation/tracking';
import { withContents } from './study/contents';
import { runOnQueue } from './engines/bullmq';
import { runLocally } from './engines/local';
import { messageOf } from './errors';
import type { StudyOutcome } from './study/outcome';
import { redisAddress } from './queue/queue';
import { nameServer } from './mlflow/name-server';
import { defaultParallel, thisMachine } from './trials/resources';
import type { SearchCommand } from './study/studies';
import type { Study } from './study/study';
import { finalParameters, finalRunWarnings, trialParameters } from './study/study';
import { describeStudy, studyJson } from './study/text';
import { createView } from './views/view';

/** Performs a search and prints its outcome; the exit code is 1 if a trial, a final run or a study failed. */
export async function search({ given, studies }: SearchCommand, signal: AbortSignal): Promise<number> {
  const machine = thisMachine();
  const parallel = given.parallel || defaultParallel(studies, machine);
  if (given.dry_run) return plan(studies, parallel, given.json ?? false);
  await ensureTrackingServer(given.tracking_uri, signal);
  const progress = createView(process.stderr, given.cluster_job ?? false);
  try {
    finalRunWarnings(studies).forEach((warning) => progress.warn(warning));
    if (given.tracking_uri) nameServer(given.tracking_uri);
    const known = await withContents(studies, {
      mayBeElsewhere: given.engine === 'bullmq',
      signal,
      onEvent: (event) => {
        if (event.type === 'warning') progress.warn(event.message);
      },
    });
    const client = new MlflowClient();
    const common = { client, progress, signal };
    const settled =
      given.engine === 'bullmq'
        ? await runOnQueue(known, { ...common, redis: redisAddress(given.redis) })
        : await runLocally(known, {
            ...common,
            parallel,
            cores: machine.cores,
            threads: given.threads ?? 0,
          });
    progress.close();
    return report(known, settled, given.json ?? false);
  } finally {
    progress.close();
  }
}

function report(
  studies: readonly Study[],
  settled: readonly PromiseSettledResult<StudyOutcome>[],
  json: boolean,
): number {
  const outcomes = settled.flatMap((one, index) =>
    one.status === 'fulfilled' ? [{ study: studies[index] as Study, outcome: one.value }] : [],
  );
  const values = outcomes.map(({ study, outcome }) => studyJson(study, outcome));
  if (json) {
    if (outcomes.length > 0) {
      process.stdout.write(`${JSON.stringify(studies.length === 1 ? values[0] : values)}\n`);
    }
  } else {
    const texts = outcomes.map(({ study, outcome }) => describeStudy(study, outcome));
    process.stdout.write(texts.join('\n'));
  }
  const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const [first, ...others] = lost;
  for (const reason of others) process.stderr.write(`${messageOf(reason)}\n`);
  if (first !== undefined) throw first;
  const troubles = outcomes.flatMap(({ study, outcome }) => troubleOf(study, outcome));
  if (troubles.length > 0) throw new RunError(troubles.join('; '));
  return 0;
}

function troubleOf({ name }: Study, { trials, error }: StudyOutcome): string[] {
  const failed = trials.filter(({ status }) => status === 'FAILED').map(({ alpha }) => alpha);
  if (error !== null) return [`${name}: ${error}`];
  return failed.length > 0 ? [`${name}: the trials of alpha ${failed.join(', ')} failed`] : [];
}

/** Prints what a search would do: of each study the trials, and how their data and the final run's are split. */
async function plan(studies: readonly Study[], parallel: number, json: boolean): Promise<number> {
  const plans = [];
  for (const study of studies) {
    const [alpha = 0] = study.alphas;
    plans.push({
      study: study.name,
      alphas: study.alphas,
      select: study.criterion,
      parallel,
      trial: await planRun(trialParameters(study, alpha)),
      final: await planRun(finalParameters(study, alpha)),
    });
  }
  if (json) process.stdout.write(`${JSON.stringify(plans.length === 1 ? plans[0] : plans)}\n`);
  else process.stdout.write(plans.map(describePlan).join('\n'));
  return 0;
}

interface SearchPlan {
  readonly study: string;
  readonly alphas: readonly number[];
  readonly select: Criterion;
  readonly parallel: number;
  readonly trial: Awaited<ReturnType<typeof planRun>>;
  readonly final: Awaited<ReturnType<typeof planRun>>;
}

function describePlan({ study, alphas, select, parallel, trial, final }: SearchPlan): string {
  return [
    study,
    `  data      ${trial.data_source}`,
    `  trials    alpha ${alphas.join(', ')}; ${trial.epochs} epochs, ${parallel} at a time`,
    `            ${trial.split.train.size} examples to train, ${trial.split.validation?.size} to validate`,
    `  final     the alpha of the ${criterionTitle(select)}`,
    `            ${final.split.train.size} examples to train, ${final.split.test.size} to test`,
    '',
  ].join('\n');
}
