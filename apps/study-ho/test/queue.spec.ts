import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MlflowServer, RedisServer } from '../../../tools/test/services';
import { redisPath, startMlflowServer, startRedisServer } from '../../../tools/test/services';
import type { StudyHo } from './command';
import { noTrialProcessLeft } from './command';
import { whenLong } from '../../../tools/test/long';
import { writeSmallTable } from '../../../tools/test/small-set';
import { paramsOf, tagsOf, Workplace } from './workplace';

jest.setTimeout(600_000);
const describeWithRedis = redisPath() === null ? describe.skip : describe;

describeWithRedis('the queue', () => {
  let server: MlflowServer;
  let redis: RedisServer;
  let place: Workplace;
  beforeAll(async () => {
    [server, redis] = await Promise.all([
      startMlflowServer({ shared: true }),
      startRedisServer({ keeps: true }),
    ]);
  });
  afterAll(() => Promise.all([server.stop(), redis.stop()]));
  beforeEach(() => (place = new Workplace(server.uri)));
  afterEach(() => place.close());

  const worker = async (): Promise<StudyHo> => {
    const started = place.start('worker', '--redis', redis.url, '--threads', '1');
    await started.says(/waiting for trials/u);
    return started;
  };

  it('has a trial taken over from a worker that dies, as Redis does, and every trial finished exactly once', async () => {
    const workers = await Promise.all([worker(), worker()]);
    const flags = [
      '--engine',
      'bullmq',
      '--redis',
      redis.url,
      '--alphas',
      '0.1,0.2,0.3,0.4',
      '--epochs',
      '40',
    ];
    const search = place.search(...flags);
    const [doomed, survivor] = workers as [StudyHo, StudyHo];
    await doomed.says(/: epoch 4\/40/u);
    const lost = /alpha (0\.\d): epoch 4\/40/u.exec(doomed.stderr)?.[1] as string;
    doomed.kill('SIGKILL');
    await redis.kill();
    await redis.restart();
    const { trials, best_alpha, parent_run_id } = await search.json();
    expect(trials.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED', 'FINISHED', 'FINISHED']);

    const { parents, trials: runs } = await place.runs();
    expect(parents.map(({ info }) => [info.run_id, info.status])).toEqual([[parent_run_id, 'FINISHED']]);
    expect(runs.map((run) => paramsOf(run)['alpha']).sort()).toEqual(['0.1', '0.2', '0.3', '0.4']);
    expect(survivor.stderr).toContain(`alpha ${lost}: finished`);
    for (const { run_id } of trials) expect(finished(workers, run_id, trials)).toBe(1);
    expect(paramsOf(parents[0] as (typeof parents)[number])['best_alpha']).toBe(String(best_alpha));
    const firstEpoch = Number(new RegExp(`alpha ${lost}: epoch (\\d+)/40`, 'u').exec(survivor.stderr)?.[1]);
    expect(firstEpoch).toBeGreaterThanOrEqual(4);

    expect(await place.search(...flags).json()).toMatchObject({ parent_run_id, best_alpha });
    survivor.kill('SIGTERM');
    expect(await survivor.ends()).toBe(143);
    await noTrialProcessLeft(place.folder);
  });

  whenLong(it)(
    'goes on without the search, which follows again; a worker that is stopped gives its trial back',
    async () => {
      const flags = ['--engine', 'bullmq', '--redis', redis.url, '--alphas', '0.1,0.2', '--epochs', '20'];
      const first = await worker();
      const killed = place.search(...flags);
      await first.says(/alpha 0\.\d: epoch 4\/20/u);
      killed.kill('SIGKILL');
      first.kill('SIGTERM');
      expect(await first.ends()).toBe(143);
      expect((await place.runs()).trials.map(({ info }) => info.status)).toEqual(['KILLED']);

      const second = await worker();
      await second.says(/alpha 0\.\d: finished/u);
      const { trials } = await place.search(...flags).json();
      expect(trials.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);
      const before = await place.runs();
      expect(before.trials).toHaveLength(2);

      await place.client.deleteRun(before.parents[0]?.info.run_id as string);
      const again = place.search(...flags);
      const { parent_run_id } = await again.json();
      expect(again.stderr.match(/alpha 0\.\d: finished before/gu)).toHaveLength(2);
      const after = await place.runs();
      expect(after.trials.map(({ info }) => info.run_id)).toEqual(
        before.trials.map(({ info }) => info.run_id),
      );
      for (const trial of after.trials) expect(tagsOf(trial)['mlflow.parentRunId']).toBe(parent_run_id);
    },
  );

  whenLong(it)(
    'has a trial taken over from a worker that hangs, which leaves the trial alone when it wakes',
    async () => {
      const hanging = await worker();
      const flags = ['--engine', 'bullmq', '--redis', redis.url, '--alphas', '0.1', '--epochs', '150'];
      const search = place.search(...flags);
      await hanging.says(/alpha 0\.1: epoch 2\/150/u);
      hanging.kill('SIGSTOP');
      const other = await worker();
      await other.says(/alpha 0\.1: epoch/u);
      hanging.kill('SIGCONT');
      expect((await search.json()).trials.map(({ status }) => status)).toEqual(['FINISHED']);
      expect(other.stderr).toContain('alpha 0.1: finished');
      expect(hanging.stderr).not.toContain('alpha 0.1: finished');
      expect(hanging.stderr).toMatch(
        /alpha 0\.1: waiting: (the process of the trial gave up|another worker)/u,
      );
      const { parents, trials } = await place.runs();
      expect([...parents, ...trials].map(({ info }) => info.status)).toEqual(['FINISHED', 'FINISHED']);
    },
  );

  it('has a trial given back by a worker that lacks the data, or has another loss', async () => {
    writeSmallTable(join(place.folder, 'table.csv'));
    const elsewhere = mkdtempSync(join(place.folder, 'elsewhere-'));
    const loss = `export const alpha = { min: 0, max: 1 };
      export default ({ logits, target, alpha }) => logits.logSumExp(1).sub(logits.mul(target).sum(1).mul(1 - alpha));`;
    writeFileSync(join(place.folder, 'loss.ts'), loss);
    writeFileSync(join(elsewhere, 'loss.ts'), loss.replace('1 - alpha', '1 + alpha'));
    const lacking = place.startIn(elsewhere, 'worker', '--redis', redis.url, '--threads', '1');
    await lacking.says(/waiting for trials/u);
    const search = place.start(
      ...['--experiment_name', place.experiment, '--engine', 'bullmq', '--redis', redis.url, '--json'],
      ...[
        '--model_name',
        'simple_dense',
        '--dataset_name',
        './table.csv',
        '--loss_name',
        './loss.ts',
        '--alphas',
        '0.1',
        '--epochs',
        '2',
      ],
    );
    const lacks = /alpha 0\.1: waiting: this machine lacks what it needs: /u.source;
    await lacking.says(
      new RegExp(`${lacks}\\./loss\\.ts has another text than the module that is to be used`, 'u'),
    );
    writeFileSync(join(elsewhere, 'loss.ts'), loss);
    await lacking.says(new RegExp(`${lacks}\\./table\\.csv: there is no such file`, 'u'));
    await worker();
    const { trials } = await search.json();
    expect(trials.map(({ status }) => status)).toEqual(['FINISHED']);
    expect((await place.runs()).trials).toHaveLength(1);
    expect(lacking.stderr).not.toContain('alpha 0.1: finished');
  });

  whenLong(it)('has a failed trial tried once more and left out', async () => {
    const flags = ['--engine', 'bullmq', '--redis', redis.url, '--alphas', '0.1', '--epochs', '1'];
    const only = await worker();
    const search = place.search(...flags, '--initial_lr', '1e30');
    expect(await search.json(1)).toMatchObject({
      best_alpha: null,
      trials: [{ alpha: 0.1, status: 'FAILED' }],
    });
    expect(only.stderr.match(/alpha 0\.1: running/gu)).toHaveLength(2);
    expect((await place.runs()).parents.map(({ info }) => info.status)).toEqual(['FAILED']);
  });
});

it('says so in one line when no Redis server answers', async () => {
  const place = new Workplace('http://127.0.0.1:9');
  try {
    const search = place.search('--engine', 'bullmq', '--redis', 'redis://user:secret@127.0.0.1:9');
    expect(await search.ends()).toBe(1);
    expect(search.stderr).toMatch(/^no Redis server answers at redis:\/\/127\.0\.0\.1:9: .*\n$/u);
    const wrong = place.start('worker', '--redis', 'http://127.0.0.1');
    expect(await wrong.ends()).toBe(2);
  } finally {
    place.close();
  }
});

/** How many workers said that they finished a trial. */
function finished(
  workers: readonly StudyHo[],
  runId: string,
  trials: readonly { run_id: string; alpha: number }[],
): number {
  const alpha = trials.find(({ run_id }) => run_id === runId)?.alpha;
  return workers.filter(({ stderr }) => stderr.includes(`alpha ${alpha}: finished`)).length;
}
