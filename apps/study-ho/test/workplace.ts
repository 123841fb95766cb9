import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEntity } from '@label-relaxation/tracking';
import { MlflowClient } from '@label-relaxation/tracking';
import { StudyHo } from './command';
import { writeSmallSet } from '../../../tools/test/small-set';

let experiments = 0;

/** A folder with a small data set and an experiment of its own, to run study-ho in. */
export class Workplace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'study-ho-')));
  readonly experiment = `study-ho ${process.pid} ${Date.now()} ${(experiments += 1)}`;
  readonly client: MlflowClient;
  readonly #running: StudyHo[] = [];

  constructor(private readonly trackingUri: string) {
    this.client = new MlflowClient({ trackingUri });
    writeSmallSet(join(this.folder, 'data'));
  }

  /** Starts study-ho on the small data set, one trial at a time unless the flags say otherwise. */
  search(...flags: string[]): StudyHo {
    const own = [
      '--model_name',
      'simple_dense',
      '--dataset_name',
      'mnist',
      '--data_dir',
      join(this.folder, 'data'),
    ];
    const fast = [
      '--initial_lr',
      '0.02',
      '--data_augmentation',
      'False',
      '--parallel',
      '1',
      '--threads',
      '1',
      '--json',
    ];
    return this.start('--experiment_name', this.experiment, ...own, ...fast, ...flags);
  }

  start(...flags: string[]): StudyHo {
    return this.run(flags, { MLFLOW_TRACKING_URI: this.trackingUri });
  }

  /** Starts study-ho in another folder. */
  startIn(folder: string, ...flags: string[]): StudyHo {
    return this.run(flags, { MLFLOW_TRACKING_URI: this.trackingUri }, undefined, folder);
  }

  /** Starts study-ho, or another program, in this folder. */
  run(
    flags: readonly string[],
    environment: Record<string, string>,
    program?: string,
    folder = this.folder,
  ): StudyHo {
    const command = new StudyHo(folder, flags, environment, program);
    this.#running.push(command);
    return command;
  }

  /** Starts a worker whose jobs are taken over after `lockMs`. */
  async worker(redis: string, lockMs: number, trackingUri = this.trackingUri): Promise<StudyHo> {
    const settings = JSON.stringify({ redis, lockMs, trackingUri });
    const program = join(__dirname, 'impatient-worker.ts');
    const worker = this.run([settings], {}, program);
    await worker.says(/waiting for trials/u);
    return worker;
  }

  /** All runs of the experiment: the parents, and the trials. */
  async runs(): Promise<{ parents: RunEntity[]; trials: RunEntity[] }> {
    const { experiment_id } = await this.client.getOrCreateExperiment(this.experiment);
    const runs: RunEntity[] = [];
    for await (const run of this.client.searchRuns([experiment_id])) runs.push(run);
    const isTrial = (run: RunEntity) => tagsOf(run)['study_role'] === 'trial';
    return { parents: runs.filter((run) => !isTrial(run)), trials: runs.filter(isTrial) };
  }

  /** The epochs of which a run has the loss, in the order in which they were logged. */
  async epochsOf(runId: string): Promise<number[]> {
    return (await this.client.getMetricHistory(runId, 'loss')).map(({ step }) => step);
  }

  close(): void {
    for (const command of this.#running) command.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export function tagsOf({ data }: RunEntity): Record<string, string> {
  return Object.fromEntries(data.tags.map(({ key, value }) => [key, value]));
}

export function paramsOf({ data }: RunEntity): Record<string, string> {
  return Object.fromEntries(data.params.map(({ key, value }) => [key, value]));
}

export function metricsOf({ data }: RunEntity): Record<string, number> {
  return Object.fromEntries(data.metrics.map(({ key, value }) => [key, value]));
}
