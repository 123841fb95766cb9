import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { figures, whenLong } from '../../../tools/test/long';
import { numbers } from '../../../tools/test/numbers';
import type { MlflowServer, RedisServer } from '../../../tools/test/services';
import { redisPath, startMlflowServer, startRedisServer } from '../../../tools/test/services';
import type { StudyJson } from '../src/study/text';
import type { StudyHo } from './command';
import { noTrialProcessLeft, trialProcesses } from './command';
import { paramsOf, Workplace } from './workplace';

jest.setTimeout(6 * 3_600_000);
const epochs = 4;
const trials = 24;
const alphas = Array.from({ length: trials }, (_, i) => (i + 1) / 50);
const flags = ['--alphas', alphas.join(), '--epochs', String(epochs), '--batch_size', '16'];
/** So soon a worker's job is another's when nothing is heard of it. */
const lockMs = 5_000;
const random = numbers(20);

let server: MlflowServer;
let undisturbed: StudyJson;
let place: Workplace;
/** Ends a part of a search at once, as a crash does, and brings it back; whether it was there to be ended. */
type Kill = () => Promise<boolean>;

/** A search whose runner is killed, too, and given again. */
class KilledSearch {
  #search: StudyHo;

  constructor(private readonly engine: readonly string[]) {
    this.#search = place.search(...flags, ...engine);
  }

  readonly kill: Kill = async () => {
    this.#search.kill('SIGKILL');
    const wasThere = (await this.#search.ends()) === 'SIGKILL';
    if (wasThere) this.#search = place.search(...flags, ...this.engine);
    return wasThere;
  };

  /** Kills by turns, each time a while after an epoch was done, until the search has ended; how often each was killed. */
  async under(kills: Readonly<Record<string, Kill>>): Promise<Record<string, number>> {
    const counts = Object.fromEntries(Object.keys(kills).map((name) => [name, 0]));
    for (;;) {
      for (const [name, kill] of Object.entries(kills)) {
        if (!(await this.goesOn(6_000 * random()))) return counts;
        counts[name]! += Number(await kill());
      }
    }
  }

  /** Waits for the end of an epoch, and so many milliseconds longer; whether the search still runs then. */
  async goesOn(longer = 0): Promise<boolean> {
    const search = this.#search;
    const goesOn = async () => {
      await search.says(/: epoch \d/u, search.stderr.length);
      await sleep(longer);
      return true;
    };
    return Promise.race([search.ends().then(() => false), goesOn().catch(() => false)]);
  }

  /** The trial that was last heard of. */
  get current(): string | undefined {
    return [...this.#search.stderr.matchAll(/alpha ([\d.]+): epoch/gu)].at(-1)?.[1];
  }

  result(): Promise<StudyJson> {
    return this.#search.json();
  }
}

const killMlflow: Kill = async () => {
  await server.kill();
  await sleep(2_000 * random());
  await server.restart();
  return true;
};

/** What a search says of its trials and of the best one, wherever their runs are stored. */
const tableOf = ({ best_alpha, accuracy, ece, trials }: StudyJson) => ({
  ...{ best_alpha, accuracy, ece },
  trials: trials.map(({ alpha, seed, status, ...scores }) => [
    alpha,
    seed,
    status,
    scores.accuracy,
    scores.ece,
  ]),
});

async function expectEachTrialOnce(result: StudyJson): Promise<void> {
  expect(tableOf(result)).toEqual(tableOf(undisturbed));
  const stored = await place.runs();
  expect(stored.parents.map(({ info }) => [info.run_id, info.status])).toEqual([
    [result.parent_run_id, 'FINISHED'],
  ]);
  expect(stored.trials.map((run) => [paramsOf(run)['alpha'], run.info.status]).sort()).toEqual(
    result.trials.map(({ alpha }) => [String(alpha), 'FINISHED']).sort(),
  );
  for (const { info } of [...stored.parents, ...stored.trials]) {
    expect((await place.epochsOf(info.run_id)).sort()).toEqual(Array.from({ length: epochs }, (_, i) => i));
    expect(await place.client.getMetricHistory(info.run_id, 'test_accuracy')).toHaveLength(1);
    expect(await place.client.runModels(info.run_id)).toHaveLength(1);
  }
  await noTrialProcessLeft(place.folder);
  for (const left of ['.mlflow/journal', '.checkpoints']) {
    const folder = join(place.folder, left);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  }
}

// Shorter ones, in which each part is killed once, are among the tests of the search and of the queue.
whenLong(describe)('a search whose parts are killed by turns', () => {
  beforeAll(async () => {
    server = await startMlflowServer();
    const elsewhere = new Workplace(server.uri);
    undisturbed = await elsewhere.search(...flags).json();
    elsewhere.close();
  });
  afterAll(() => server.stop());
  beforeEach(() => (place = new Workplace(server.uri)));
  afterEach(() => place.close());

  it('ends as if nothing had happened on this machine', async () => {
    const search = new KilledSearch([]);
    // A trial is tried twice: one whose process is killed twice has failed.
    const killed = new Set<string>();
    const killTrial: Kill = async () => {
      if (!(await search.goesOn())) return false;
      const [pid] = trialProcesses(place.folder);
      const trial = search.current;
      if (pid === undefined || trial === undefined || killed.has(trial)) return false;
      killed.add(trial);
      process.kill(pid, 'SIGKILL');
      return true;
    };
    const kills = await search.under({ trial: killTrial, mlflow: killMlflow, runner: search.kill });
    figures('local search, kills', kills);
    await expectEachTrialOnce(await search.result());
  });

  (redisPath() === null ? it.skip : it)('ends as if nothing had happened on the queue', async () => {
    const redis: RedisServer = await startRedisServer({ keeps: true });
    try {
      const workers = [await place.worker(redis.url, lockMs), await place.worker(redis.url, lockMs)];
      const search = new KilledSearch(['--engine', 'bullmq', '--redis', redis.url]);
      const killWorker: Kill = async () => {
        workers.shift()?.kill('SIGKILL');
        workers.push(await place.worker(redis.url, lockMs));
        return true;
      };
      const killRedis: Kill = async () => {
        await redis.kill();
        await sleep(1_000 * random());
        await redis.restart();
        return true;
      };
      const kills = await search.under({
        worker: killWorker,
        redis: killRedis,
        mlflow: killMlflow,
        runner: search.kill,
      });
      figures('search on the queue, kills', kills);
      const result = await search.result();
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.map((worker) => worker.ends()));
      await expectEachTrialOnce(result);
    } finally {
      await redis.stop();
    }
  });
});
