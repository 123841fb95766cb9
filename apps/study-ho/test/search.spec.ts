import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MlflowServer } from '../../../tools/test/services';
import { whenLong } from '../../../tools/test/long';
import { startMlflowServer } from '../../../tools/test/services';
import type { StudyJson } from '../src/study/text';
import { noTrialProcessLeft, trialProcesses } from './command';
import { writeSmallTable } from '../../../tools/test/small-set';
import { metricsOf, paramsOf, tagsOf, Workplace } from './workplace';

jest.setTimeout(600_000);
let server: MlflowServer;
let place: Workplace;
beforeAll(async () => (server = await startMlflowServer({ shared: true })));
afterAll(() => server.stop());
beforeEach(() => (place = new Workplace(server.uri)));
afterEach(() => place.close());

it('searches each study, and given again has nothing to do', async () => {
  const flags = ['--loss_name', 'lr,focal', '--alphas', '0.1,0.3', '--epochs', '2', '--parallel', '2'];
  const studies = await place.search(...flags).json<StudyJson[]>();
  const { parents, trials } = await place.runs();
  expect([parents.length, trials.length]).toEqual([2, 4]);
  expect(studies.map(({ parent_run_id }) => parent_run_id).sort()).toEqual(parents.map(idOf).sort());

  for (const study of studies) {
    const parent = parents.find((run) => idOf(run) === study.parent_run_id) as (typeof parents)[number];
    const best = study.trials.find(({ alpha }) => alpha === study.best_alpha);
    expect(best?.accuracy).toBe(Math.max(...study.trials.map(({ accuracy }) => accuracy as number)));
    expect(parent.info.status).toBe('FINISHED');
    expect(paramsOf(parent)).toMatchObject({
      best_alpha: String(study.best_alpha),
      alpha: String(study.best_alpha),
      scored: 'test',
    });
    expect(metricsOf(parent)).toMatchObject({
      test_accuracy: study.accuracy,
      ece: study.ece,
      best_trial_accuracy: best?.accuracy,
      best_trial_ece: best?.ece,
    });
    for (const { run_id, alpha, accuracy, ece, status, seed } of study.trials) {
      const run = trials.find((trial) => idOf(trial) === run_id) as (typeof trials)[number];
      expect({ status, seed }).toEqual({ status: run.info.status, seed: 0 });
      expect(paramsOf(run)).toMatchObject({ alpha: String(alpha), scored: 'validation' });
      expect(Object.keys(paramsOf(run))).toEqual(expect.arrayContaining(Object.keys(paramsOf(parent))));
      expect(metricsOf(run)).toMatchObject({ test_accuracy: accuracy, ece });
      const { study: name, study_key } = tagsOf(parent);
      expect(tagsOf(run)).toMatchObject({
        study: name,
        study_key,
        'mlflow.parentRunId': study.parent_run_id,
      });
      expect(tagsOf(parent)['mlflow.note.content']).toContain(
        `[${alpha}](${place.client.runUrl(run.info.experiment_id, run_id)})`,
      );
    }
  }

  const again = place.search(...flags);
  expect(await again.json()).toEqual(studies);
  expect(again.stderr).not.toContain('running');
  expect(again.stderr.match(/: finished before, nothing was run: best alpha/gu)).toHaveLength(2);
  expect((await place.runs()).trials).toHaveLength(4);
});

it('goes on after kill -9 with the trial that was cut off, from its last epoch, and leaves no process', async () => {
  const flags = ['--alphas', '0.1,0.2', '--epochs', '20'];
  const killed = place.search(...flags);
  await killed.says(/alpha 0\.2: epoch 4\/20/u);
  killed.kill('SIGKILL');
  expect(await killed.ends()).toBe('SIGKILL');
  await noTrialProcessLeft(place.folder);
  const before = await place.runs();
  expect(before.trials.map(({ info }) => info.status).sort()).toEqual(['FINISHED', 'RUNNING']);

  const resumed = place.search(...flags);
  const { trials } = await resumed.json();
  const after = await place.runs();
  expect(after.trials.map(idOf).sort()).toEqual(before.trials.map(idOf).sort());
  expect(after.parents.map(idOf)).toEqual(before.parents.map(idOf));
  expect(resumed.stderr).not.toContain('alpha 0.1: running');
  const firstEpoch = Number(/alpha 0\.2: epoch (\d+)\/20/u.exec(resumed.stderr)?.[1]);
  expect(firstEpoch).toBeGreaterThanOrEqual(4);
  for (const { run_id } of trials) {
    const epochs = await place.epochsOf(run_id);
    expect([...new Set(epochs)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, epoch) => epoch),
    );
  }
  await noTrialProcessLeft(place.folder);
});

whenLong(it)(
  'tries a failed trial once more, then leaves the choice to the others and exits with 1, until the parent is deleted',
  async () => {
    const flags = ['--alphas', '0.1,0.2', '--epochs', '40'];
    const search = place.search(...flags);
    let heard = 0;
    for (const attempt of ['first', 'second']) {
      heard = await search.says(/alpha 0\.2: epoch (2|[12]\d)\/40/u, heard).catch((error: Error) => {
        throw new Error(`the ${attempt} attempt: ${error.message}`);
      });
      for (const pid of trialProcesses(place.folder, search.pid)) process.kill(pid, 'SIGKILL');
      heard = await search.says(/alpha 0\.2: (retrying|failed)/u, heard);
    }
    const { best_alpha, trials, accuracy } = await search.json(1);
    expect(best_alpha).toBe(0.1);
    expect(accuracy).toBeGreaterThan(0);
    expect(trials.map(({ status }) => status)).toEqual(['FINISHED', 'FAILED']);
    expect(search.stderr).toMatch(/the trials of alpha 0\.2 failed\n$/u);
    const { parents, trials: runs } = await place.runs();
    expect(tagsOf(parents[0] as (typeof parents)[number])['study_failed_alphas']).toBe('0.2');
    const failed = runs.find((run) => paramsOf(run)['alpha'] === '0.2');
    expect(failed?.info.status).toBe('FAILED');
    expect(tagsOf(failed as (typeof runs)[number])['error']).toContain('SIGKILL');

    await place.client.deleteRun(idOf(parents[0] as (typeof parents)[number]));
    const repaired = await place.search(...flags).json();
    expect(repaired.trials.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);
    const after = await place.runs();
    expect(after.trials.map(idOf).sort()).toEqual(runs.map(idOf).sort());
    const parent = repaired.parent_run_id;
    expect(after.trials.map((run) => tagsOf(run)['mlflow.parentRunId'])).toEqual([parent, parent]);
  },
);

it('marks the study as failed when every trial fails', async () => {
  const search = place.search('--alphas', '0.1,0.2', '--epochs', '1', '--initial_lr', '1e30');
  expect(await search.json(1)).toMatchObject({ best_alpha: null, accuracy: null, ece: null });
  expect(search.stderr).toMatch(/all trials failed/u);
  const { parents, trials } = await place.runs();
  expect([...parents, ...trials].map(({ info }) => info.status)).toEqual(['FAILED', 'FAILED', 'FAILED']);
});

it("searches on data and with a loss of one's own, and refuses them when they have changed", async () => {
  const table = join(place.folder, 'table.csv');
  writeSmallTable(table);
  const loss = join(place.folder, 'loss.ts');
  writeFileSync(
    loss,
    `export const alpha = { min: 0, max: 1 };
    export default ({ logits, target, alpha }) => logits.logSumExp(1).sub(logits.mul(target).sum(1).mul(1 - alpha));`,
  );
  const flags = [
    ...['--dataset_name', './table.csv', '--data_dir', place.folder, '--loss_name', './loss.ts'],
    ...['--alphas', '0.1,0.2', '--epochs', '2'],
  ];
  const { trials, accuracy } = await place.search(...flags).json();
  expect(trials.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);
  expect(accuracy).toBeGreaterThan(0.9);
  const digests = (await place.runs()).trials.map((run) => paramsOf(run)['dataset_sha256']);
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/u);
  expect(new Set(digests).size).toBe(1);

  for (const [file, flag, addition] of [
    [loss, '--loss_name ./loss.ts', '// by the way\n'],
    [table, '--dataset_name ./table.csv', '3.5,1,b\n'],
  ] as const) {
    const before = readFileSync(file);
    appendFileSync(file, addition);
    const changed = place.search(...flags);
    expect(await changed.ends()).toBe(1);
    expect(changed.stderr).toContain(
      `${flag} has changed since the search began: restore it, or give another --experiment_name\n`,
    );
    writeFileSync(file, before);
  }
});

it('is not run twice at once, and ends as KILLED when it is stopped', async () => {
  const flags = ['--alphas', '0.1', '--epochs', '300'];
  const first = place.search(...flags);
  await first.says(/alpha 0\.1: epoch 2\/300/u);
  const second = place.search(...flags);
  expect(await second.ends()).toBe(1);
  expect(second.stderr).toMatch(new RegExp(`process ${first.pid} on .* works on it already`, 'u'));
  first.kill('SIGTERM');
  expect(await first.ends()).toBe(143);
  const { parents, trials } = await place.runs();
  expect([...parents, ...trials].map(({ info }) => info.status)).toEqual(['KILLED', 'KILLED']);
  await noTrialProcessLeft(place.folder);
});

it('refuses wrong flags with 2 and plans without a server', async () => {
  const wrong = place.search('--alphas', '2');
  expect(await wrong.ends()).toBe(2);
  expect(wrong.stderr).toBe('--alphas 2 is out of range: label_relaxation takes a value in [0, 1)\n');
  const plan = await place.search('--tracking_uri', 'http://127.0.0.1:9', '--dry_run').json<object>();
  expect(plan).toMatchObject({ alphas: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4], final: { scored: 'test' } });
});

function idOf({ info }: { info: { run_id: string } }): string {
  return info.run_id;
}
