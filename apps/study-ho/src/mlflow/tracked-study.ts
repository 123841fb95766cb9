import { defaultExperiment, runKey, runParams } from '@label-relaxation/experiments';
import type { KeyValue, RunEntity } from '@label-relaxation/tracking';
import type { MlflowClient } from '@label-relaxation/tracking';
import { sourceTags } from '@label-relaxation/tracking';
import { checkContents } from '../study/contents';
import { studyNote } from '../study/note';
import type { FinishedTrial, TrialOutcome } from '../study/outcome';
import type { Study } from '../study/study';
import { finalParameters, parentRunName, searchParams, trialParameters } from '../study/study';

const parentTag = 'mlflow.parentRunId';
const bestAlphaParam = 'best_alpha';

/** Where a study is in MLflow. Plain data: it travels to workers as JSON. */
export interface StudyPlace {
  readonly experimentId: string;
  readonly parentRunId: string;
}

/** A study as MLflow knows it: a parent run and a nested run for each trial, found again by the study's key. */
export class TrackedStudy {
  constructor(
    readonly client: MlflowClient,
    readonly study: Study,
    readonly place: StudyPlace,
  ) {}

  /** Finds the study's parent run, or makes it: of several made at once the first one stays. */
  static async open(client: MlflowClient, study: Study): Promise<TrackedStudy> {
    const experimentId = await experimentOf(client, study);
    const find = () => findRuns(client, experimentId, study, 'parent');
    let [parent] = await find();
    if (!parent) {
      const own = await client.createRun({
        experimentId,
        startTime: Date.now(),
        runName: parentRunName(study),
        tags: await tagsOf(study, 'parent'),
      });
      [parent = own] = await find();
      if (parent.info.run_id !== own.info.run_id) await client.deleteRun(own.info.run_id);
    }
    checkContents(study, parent);
    const tracked = new TrackedStudy(client, study, { experimentId, parentRunId: parent.info.run_id });
    await tracked.#adoptTrials();
    if (parent.info.status !== 'FINISHED') await tracked.#describeParent(parent);
    return tracked;
  }

  get parentRunId(): string {
    return this.place.parentRunId;
  }

  runUrl(runId: string): string {
    return this.client.runUrl(this.place.experimentId, runId);
  }

  parent(): Promise<RunEntity> {
    return this.client.getRun(this.parentRunId);
  }

  /** The alpha that a parent run was given as the best; null as long as there is none. */
  bestAlphaOf({ data }: RunEntity): number | null {
    const param = data.params.find(({ key }) => key === bestAlphaParam);
    return param ? Number(param.value) : null;
  }

  /** The run of each trial that was begun: the finished one, if there should be several of an alpha. */
  async trials(): Promise<Map<number, RunEntity>> {
    const runs = await findRuns(this.client, this.place.experimentId, this.study, 'trial');
    const byAlpha = new Map<number, RunEntity>();
    for (const run of runs) {
      const alpha = Number(tagOf(run, 'study_alpha'));
      if (byAlpha.get(alpha)?.info.status !== 'FINISHED') byAlpha.set(alpha, run);
    }
    return byAlpha;
  }

  /** Makes the run of a trial; it carries the params of the parent from the start. */
  async createTrial(alpha: number): Promise<RunEntity> {
    return this.client.createRun({
      experimentId: this.place.experimentId,
      startTime: Date.now(),
      runName: `alpha ${alpha}`,
      tags: [
        ...(await tagsOf(this.study, 'trial')),
        ...entries({
          [parentTag]: this.parentRunId,
          study_alpha: String(alpha),
          run_key: runKey(trialParameters(this.study, alpha)),
        }),
      ],
    });
  }

  /** Nests the trials that were made under another parent run, which was deleted, under this one. */
  async #adoptTrials(): Promise<void> {
    for (const trial of await findRuns(this.client, this.place.experimentId, this.study, 'trial')) {
      if (tagOf(trial, parentTag) !== this.parentRunId)
        await this.client.setTag(trial.info.run_id, parentTag, this.parentRunId);
    }
  }

  /** Marks a run whose process went away with it. */
  async endRun(runId: string, status: 'FAILED' | 'KILLED', error: string): Promise<void> {
    const { info } = await this.client.getRun(runId);
    if (info.status !== 'RUNNING' && info.status !== 'SCHEDULED') return;
    await this.client.setTag(runId, 'error', error);
    await this.client.updateRun(runId, { status, endTime: Date.now() });
  }

  /** Logs on the parent how its trials went: the note with their table, the best one's scores, and those that failed. */
  async logTrials(trials: readonly TrialOutcome[], best: FinishedTrial | null): Promise<void> {
    // The same whenever this is logged: who concludes a study after another was cut off adds no points.
    const timestamp = (best && (await this.client.getRun(best.runId)).info.end_time) ?? 0;
    const failed = trials.filter(({ status }) => status === 'FAILED').map(({ alpha }) => alpha);
    const scores = Object.entries(best?.scores ?? {}) as [string, number | null][];
    const note = studyNote(this.study, trials, best?.alpha ?? null, (runId) => this.runUrl(runId));
    const params = best ? entries({ [bestAlphaParam]: String(best.alpha) }) : [];
    await this.client.logBatch(this.parentRunId, {
      metrics: scores.flatMap(([key, value]) =>
        value === null ? [] : [{ key: `best_trial_${key}`, value, timestamp, step: 0 }],
      ),
      params,
      tags: entries({ 'mlflow.note.content': note, study_failed_alphas: failed.join(',') || 'none' }),
    });
    await Promise.all(
      trials.map(({ runId }) => this.client.logBatch(runId, { metrics: [], params, tags: [] })),
    );
  }

  /** Writes the note alone, while trials go on. */
  async noteTrials(trials: readonly TrialOutcome[]): Promise<void> {
    const note = studyNote(this.study, trials, null, (runId) => this.runUrl(runId));
    await this.client.setTag(this.parentRunId, 'mlflow.note.content', note);
  }

  async #describeParent({ info }: RunEntity): Promise<void> {
    const params = Object.entries(runParams(finalParameters(this.study, 0))).filter(
      ([key]) => key !== 'alpha',
    );
    await this.client.logBatch(info.run_id, {
      metrics: [],
      params: entries({ ...Object.fromEntries(params), ...searchParams(this.study) }),
      tags: [],
    });
    if (info.status !== 'RUNNING') await this.client.updateRun(info.run_id, { status: 'RUNNING' });
  }
}

async function experimentOf(client: MlflowClient, { parameters }: Study): Promise<string> {
  const { MLFLOW_EXPERIMENT_NAME: named, MLFLOW_EXPERIMENT_ID: numbered } = process.env;
  if (parameters.experiment_name === null && !named && numbered) return numbered;
  const name = parameters.experiment_name ?? (named || defaultExperiment);
  return (await client.getOrCreateExperiment(name)).experiment_id;
}

async function findRuns(
  client: MlflowClient,
  experimentId: string,
  { key }: Study,
  role: 'parent' | 'trial',
): Promise<RunEntity[]> {
  const runs: RunEntity[] = [];
  const filter = `tags.study_key = '${key}' and tags.study_role = '${role}'`;
  const orderBy = ['attributes.start_time ASC', 'attributes.run_id ASC'];
  for await (const run of client.searchRuns([experimentId], { filter, orderBy })) runs.push(run);
  return runs;
}

let source: Promise<KeyValue[]> | undefined;

async function tagsOf({ key, name }: Study, role: 'parent' | 'trial'): Promise<KeyValue[]> {
  source ??= sourceTags('npm run study-ho');
  return [...(await source), ...entries({ study_key: key, study: name, study_role: role })];
}

function tagOf({ data }: RunEntity, name: string): string | undefined {
  return data.tags.find(({ key }) => key === name)?.value;
}

function entries(record: Record<string, string>): KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
