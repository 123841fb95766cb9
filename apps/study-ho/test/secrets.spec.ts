import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { FaultProxy } from '../../../tools/test/fault-proxy';
import type { MlflowServer, RedisServer } from '../../../tools/test/services';
import { whenLong } from '../../../tools/test/long';
import { redisPath, startMlflowServer, startRedisServer } from '../../../tools/test/services';
import type { StudyHo } from './command';
import { basic, planted, ProcessWatch, secrets, tracesBelow, tracesIn, withPassword } from './secrets';
import { Workplace } from './workplace';

jest.setTimeout(600_000);
const study = resolve(__dirname, '../../study/src/main.ts');

let server: MlflowServer;
let door: FaultProxy;
let place: Workplace;
let watch: ProcessWatch;
let environment: Record<string, string>;

beforeAll(async () => (server = await startMlflowServer({ shared: true })));
afterAll(() => server.stop());

beforeEach(async () => {
  place = new Workplace(server.uri);
  door = new FaultProxy(server.uri);
  door.decide = ({ headers }) =>
    headers.authorization === basic(secrets.mlflow) ? undefined : { kind: 'answer', status: 401 };
  await door.listen();
  for (const name of ['home', 'tmp']) mkdirSync(join(place.folder, name));
  environment = {
    ...planted,
    MLFLOW_TRACKING_URI: withPassword(door.uri, secrets.mlflow),
    HOME: join(place.folder, 'home'),
    // What set-up has fetched stays where it is.
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    TMPDIR: join(place.folder, 'tmp'),
    LABEL_RELAXATION_DEBUG: '1',
  };
  watch = new ProcessWatch();
});

afterEach(async () => {
  watch.stop();
  place.close();
  await door.close();
});

const flags = (...more: string[]) => [
  ...['--model_name', 'simple_dense', '--dataset_name', 'mnist', '--data_dir', join(place.folder, 'data')],
  ...['--data_augmentation', 'False', '--threads', '1', '--epochs', '2', '--json', ...more],
  ...['--experiment_name', place.experiment],
];

/** Expects that nothing that was said, written, stored or shown in the process list has a trace of a secret. */
async function expectNoTrace(...commands: readonly StudyHo[]): Promise<void> {
  for (const { stdout, stderr } of commands) expect(tracesIn(`${stdout}${stderr}`)).toEqual([]);
  const { parents, trials } = await place.runs();
  for (const run of [...parents, ...trials]) {
    expect(tracesIn(JSON.stringify(run))).toEqual([]);
    const { run_id } = run.info;
    for (const { path } of await place.client.listArtifacts(run_id))
      await place.client.downloadArtifacts(run_id, path, join(place.folder, 'stored', run_id));
  }
  const { found, files } = tracesBelow(place.folder);
  expect(found).toEqual([]);
  expect(files).toBeGreaterThan(3);
  expect(watch.stop()).toBeGreaterThan(5);
  expect([...watch.found]).toEqual([]);
}

describe('no secret is left behind', () => {
  it('by a run, one that fails, and one whose server goes away and that is sent later', async () => {
    const whole = place.run(flags(), environment, study);
    const { run_id, tracking_uri } = await whole.json<{ run_id: string; tracking_uri: string }>();
    expect(tracking_uri).toBe(door.uri);
    const files = (await place.client.listArtifacts(run_id)).map(({ path }) => path);
    expect(files).toEqual(expect.arrayContaining(['configuration.json', 'result.json', 'model']));

    const failing = place.run(flags('--initial_lr', '1e30'), environment, study);
    expect(await failing.ends()).toBe(1);
    expect(failing.stderr).toMatch(/at .*fit/u);

    const stranded = place.run(flags('--epochs', '400'), environment, study);
    await stranded.says(/epoch +2\/400|2\/400/u);
    await door.close();
    stranded.kill('SIGTERM');
    expect(await stranded.ends()).toBe(143);
    expect(stranded.stderr).toContain('cannot be reached');
    await expectNoTrace(whole, failing, stranded);

    await door.listen();
    const sync = place.run(['sync', '--json'], environment, study);
    expect(await sync.json()).toMatchObject({ waiting: 0, runs: [{ outcome: 'sent' }] });
    await expectNoTrace(sync);
  });

  it('by a run that is not let in, or whose address is none', async () => {
    const others = { ...environment, MLFLOW_TRACKING_URI: withPassword(door.uri, secrets.redis) };
    const refused = place.run(flags(), others, study);
    expect(await refused.ends()).toBe(1);
    expect(refused.stderr).toContain('answered 401');
    const addresses = [`htp://alice:${secrets.mlflow}@host`, `http://alice:${secrets.mlflow}@host`];
    const odd = addresses.map((MLFLOW_TRACKING_URI) =>
      place.run(flags(), { ...environment, MLFLOW_TRACKING_URI }, study),
    );
    for (const command of odd) {
      expect(await command.ends()).toBeGreaterThan(0);
      expect(command.stderr).toMatch(/^The tracking URI "ht(tp|p):\/\/\.\.\." is not an address/mu);
    }
    await expectNoTrace(refused, ...odd);
  });

  whenLong(it)(
    'by an address that a flag gave: neither in the plan, the artifacts nor the trial processes',
    async () => {
      const { MLFLOW_TRACKING_URI: address = '', ...rest } = environment;
      const given = ['--tracking_uri', address];
      const command = place.run(flags(...given), rest, study);
      const { run_id } = await command.json<{ run_id: string }>();
      const file = await place.client.downloadArtifacts(
        run_id,
        'configuration.json',
        join(place.folder, 'tmp'),
      );
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ tracking_uri: door.uri });
      const plan = place.run(flags(...given, '--dry_run'), rest, study);
      expect(await plan.json()).toMatchObject({ configuration: { tracking_uri: door.uri } });
      const search = place.run(flags(...given, '--alphas', '0.1', '--parallel', '1'), rest);
      expect(await search.json()).toMatchObject({ trials: [{ status: 'FINISHED' }] });
      // The flag itself is on the command lines that this test gave.
      for (const line of watch.found) if (/main\.ts/u.test(line)) watch.found.delete(line);
      await expectNoTrace(command, plan, search);
    },
  );
});

(redisPath() === null ? describe.skip : describe)('no secret is left behind in Redis', () => {
  let redis: RedisServer;
  let direct: Redis;
  beforeAll(async () => {
    redis = await startRedisServer();
    direct = new Redis(redis.url);
  });
  afterAll(async () => {
    direct.disconnect();
    await redis.stop();
  });

  it('nor by workers and their search', async () => {
    await direct.call('ACL', 'SETUSER', 'alice', 'on', `>${secrets.redis}`, '~*', '&*', '+@all');
    const [, folder] = (await direct.config('GET', 'dir')) as [string, string];
    await direct.config('SET', 'rdbcompression', 'no');
    const own = { ...environment, REDIS_URL: withPassword(redis.url, secrets.redis) };
    const worker = place.run(['worker', '--threads', '1'], own);
    await worker.says(/waiting for trials/u);
    const search = place.run(flags('--engine', 'bullmq', '--alphas', '0.1,0.2'), own);
    const { trials } = await search.json();
    expect(trials.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);
    expect(await direct.call('CLIENT', 'LIST')).toContain('user=alice');
    await direct.save();
    expect(tracesBelow(folder)).toEqual({ found: [], files: expect.any(Number) });
    expect(readFileSync(join(folder, 'dump.rdb'), 'latin1')).toContain('label-relaxation-study');
    expect(tracesIn(redis.log())).toEqual([]);
    worker.kill('SIGTERM');
    expect(await worker.ends()).toBe(143);

    const wrong = { ...environment, REDIS_URL: withPassword(redis.url, secrets.mlflow) };
    const refused = place.run(flags('--engine', 'bullmq', '--alphas', '0.1'), wrong);
    expect(await refused.ends()).toBe(1);
    expect(refused.stderr).toMatch(
      /^the Redis server at redis:\/\/127\.0\.0\.1:\d+ does not let us in: WRONGPASS/u,
    );
    const odd = { ...environment, REDIS_URL: `redis://alice:${secrets.redis}@127.0.0.1` };
    const none = place.run(['worker'], odd);
    expect(await none.ends()).toBe(2);
    await expectNoTrace(worker, search, refused, none);
  });
});
