import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '@label-relaxation/experiments';
import { syncJournal } from '@label-relaxation/tracking';
import { isLong } from '../../../tools/test/long';
import type { MlflowServer } from '../../../tools/test/services';
import { startMlflowServer } from '../../../tools/test/services';
import type { StudyHo } from './command';
import { Workplace } from './workplace';

jest.setTimeout(6 * 3_600_000);
const study = resolve(__dirname, '../../study/src/main.ts');
const epochs = 3;

let server: MlflowServer;
let whole: { result: RunResult; weights: string; milliseconds: number };
beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  const place = new Workplace(server.uri);
  const start = performance.now();
  const result = await train(place).json<RunResult>();
  const milliseconds = performance.now() - start;
  whole = { result, weights: await weightsOf(place, result.run_id), milliseconds };
  place.close();
});
afterAll(() => server.stop());

/** Starts, or goes on with, a run of one thread, which repeats bit for bit. */
function train(place: Workplace): StudyHo {
  const { folder, experiment } = place;
  const flags = [
    ...['--model_name', 'simple_dense', '--dataset_name', 'mnist', '--data_dir', join(folder, 'data')],
    ...['--alpha', '0.1', '--threads', '1', '--epochs', String(epochs), '--experiment_name', experiment],
    ...['--resume', '--json'],
  ];
  return place.run(flags, { MLFLOW_TRACKING_URI: server.uri, NO_COLOR: '1' }, study);
}

/** The SHA-256 of the weights of a run's model. */
async function weightsOf({ client, folder }: Workplace, runId: string): Promise<string> {
  const tfjs = await client.downloadArtifacts(runId, 'model/tfjs', join(folder, 'downloads', runId));
  return createHash('sha256')
    .update(readFileSync(join(tfjs, 'weights.bin')))
    .digest('hex');
}

/** Resolves when the run is at a moment at which it is to be killed. */
type Moment = (run: StudyHo, folder: string) => Promise<unknown>;

async function untilThere(run: StudyHo, file: (name: string) => boolean, folder: string): Promise<void> {
  const names = () => readdirSync(folder, { recursive: true }).map(String);
  while (!names().some(file)) {
    if (run.stdout !== '') throw new Error('the run ended before');
    await sleep(1);
  }
}

const moments: readonly (readonly [name: string, moment: Moment])[] = [
  [
    'when its journal is there, before its run is',
    (run, folder) => untilThere(run, (name) => name.endsWith('.jsonl'), folder),
  ],
  [
    'while a checkpoint is written',
    (run, folder) =>
      untilThere(run, (name) => name.endsWith('.partial') && name.includes('checkpoint.bin'), folder),
  ],
  ['before its model is logged', (run) => run.says(/scoring the/u)],
];

/** Moments that are spread over the time that a run takes, in an order without one. */
const spread = Array.from({ length: 50 }, (_, i): readonly [string, Moment] => {
  const share = ((i * 31) % 50) / 50;
  return [`after ${(100 * share).toFixed(0)}% of its time`, () => sleep(share * whole.milliseconds)];
});

it.each(isLong ? [...moments, ...spread] : moments.slice(0, 1))(
  'a run that is killed %s and gone on with is the run that was not killed',
  async (_, moment) => {
    const place = new Workplace(server.uri);
    try {
      const killed = train(place);
      await moment(killed, place.folder);
      killed.kill('SIGKILL');
      await killed.ends();
      const isDone = killed.stdout.endsWith('}\n');
      const result = isDone ? (JSON.parse(killed.stdout) as RunResult) : await train(place).json<RunResult>();
      // A server on a busy machine may be slower than a run waits for it: the rest is sent as a user would.
      const journalDir = join(place.folder, '.mlflow/journal');
      const late = await syncJournal({ journalDir });
      expect(late.waiting).toBe(0);
      const { accuracy, ece, nll, brier } = whole.result;
      expect(result).toMatchObject({ accuracy, ece, nll, brier });
      expect(await weightsOf(place, result.run_id)).toBe(whole.weights);

      const { parents } = await place.runs();
      expect(parents.map(({ info }) => [info.run_id, info.status])).toEqual([[result.run_id, 'FINISHED']]);
      expect((await place.epochsOf(result.run_id)).sort()).toEqual(
        Array.from({ length: epochs }, (_, i) => i),
      );
      for (const key of ['test_accuracy', 'ece', 'val_loss']) {
        const points = await place.client.getMetricHistory(result.run_id, key);
        expect(points).toHaveLength(key === 'val_loss' ? epochs : 1);
      }
      expect(await place.client.runModels(result.run_id)).toHaveLength(1);
      const left = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
      expect(left(journalDir)).toEqual([]);
      // A checkpoint stays as long as events wait.
      if (late.runs.length === 0) expect(left(join(place.folder, '.checkpoints'))).toEqual([]);
    } finally {
      place.close();
    }
  },
);
