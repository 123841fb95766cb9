import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncJournal } from '@label-relaxation/tracking';
import { FaultProxy } from '../../../tools/test/fault-proxy';
import type { MlflowServer, RedisServer } from '../../../tools/test/services';
import { isLong } from '../../../tools/test/long';
import { redisPath, startMlflowServer, startRedisServer } from '../../../tools/test/services';
import { trialProcesses } from './command';
import { Workplace } from './workplace';

jest.setTimeout(600_000);
const lockMs = 9_000;

(redisPath() === null ? describe.skip : describe)('a worker that is frozen with its trial', () => {
  let server: MlflowServer;
  let redis: RedisServer;
  let place: Workplace;
  let proxy: FaultProxy;
  beforeAll(async () => {
    [server, redis] = await Promise.all([startMlflowServer({ shared: true }), startRedisServer()]);
  });
  afterAll(() => Promise.all([server.stop(), redis.stop()]));
  beforeEach(async () => {
    place = new Workplace(server.uri);
    proxy = new FaultProxy(server.uri);
    await proxy.listen();
  });
  afterEach(async () => {
    place.close();
    await proxy.close();
  });

  const requests: [what: string, path: RegExp, which: number][] = [
    ['sends the figures of an epoch', /runs\/log-batch$/u, 2],
    ['uploads a model', /artifacts\/.*saved_model\.pb$/u, 1],
    ['names the model among what the run made', /runs\/outputs$/u, 1],
    ['says that the trial is finished', /runs\/update$/u, 2],
  ];
  it.each(isLong ? requests : requests.slice(-1))(
    'while it %s stores nothing when it wakes after the trial went to another one',
    async (_, path, which) => {
      const frozen = await place.worker(redis.url, lockMs, proxy.uri);
      let pids: number[] = [];
      let count = 0;
      proxy.decide = ({ url }) => {
        if (pids.length > 0 || !path.test(url) || (count += 1) < which) return undefined;
        pids = [...trialProcesses(place.folder, frozen.pid), frozen.pid];
        for (const pid of pids) process.kill(pid, 'SIGSTOP');
        return undefined;
      };
      const search = place.search(
        '--engine',
        'bullmq',
        '--redis',
        redis.url,
        '--alphas',
        '0.1',
        '--epochs',
        '8',
      );
      while (pids.length === 0) await sleep(20);
      expect(pids).toHaveLength(2);

      const other = await place.worker(redis.url, lockMs);
      const { trials } = await search.json();
      expect(trials.map(({ status }) => status)).toEqual(['FINISHED']);
      const before = await everything();
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await frozen.says(/alpha 0\.1: waiting: (the process of the trial gave it up|another worker)/u);
      await sleep(1500);
      expect(await everything()).toEqual(before);
      expect(frozen.stderr).not.toMatch(/Lock mismatch|Missing lock|alpha 0\.1: finished/u);

      const { waiting } = await syncJournal({ journalDir: join(place.folder, '.mlflow/journal') });
      expect(waiting).toBe(0);
      expect(await everything()).toMatchObject({ runs: before.runs });
      for (const worker of [frozen, other]) {
        worker.kill('SIGTERM');
        expect(await worker.ends()).toBe(143);
      }
    },
  );

  /** All that runs have on the server, each metric's points counted once, and what lies in the workers' folder. */
  async function everything(): Promise<{ runs: object[]; folders: string[][] }> {
    const { parents, trials } = await place.runs();
    const runs = await Promise.all(
      [...parents, ...trials].map(async (run) => {
        const keys = run.data.metrics.map(({ key }) => key).filter((key) => !key.startsWith('system/'));
        const histories = await Promise.all(
          keys.sort().map((key) => place.client.getMetricHistory(run.info.run_id, key)),
        );
        for (const points of histories) {
          const steps = points.map(({ step }) => step);
          expect({ points, each: new Set(steps).size }).toEqual({ points, each: steps.length });
        }
        const models = await place.client.runModels(run.info.run_id);
        expect(models.map(({ info }) => info.status)).toEqual(['LOGGED_MODEL_READY']);
        return { run, histories, models, files: await filesOf(run.info.run_id) };
      }),
    );
    const folders = ['.checkpoints', '.mlflow/journal'].map((name) => {
      const folder = join(place.folder, name);
      return existsSync(folder) ? readdirSync(folder) : [];
    });
    return { runs, folders };
  }

  async function filesOf(runId: string, path?: string): Promise<object[]> {
    const files = await place.client.listArtifacts(runId, path);
    const below = await Promise.all(
      files.map((file) => (file.is_dir ? filesOf(runId, file.path) : Promise.resolve([file]))),
    );
    return below.flat();
  }
});
