import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MlflowClient, type RunEntity } from '@label-relaxation/tracking';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { writeSmallSet } from '../../../tools/test/small-set';
import { controlC, Terminal } from '../../../tools/test/terminal';

jest.setTimeout(600_000);

let server: MlflowServer;
let client: MlflowClient;
let folder: string;
let experiments = 0;
let experiment: string;
let terminal: Terminal | undefined;

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  client = new MlflowClient({ trackingUri: server.uri });
  folder = mkdtempSync(join(tmpdir(), 'ctrl-c-'));
  writeSmallSet(folder);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});
beforeEach(() => (experiment = `ctrl-c ${process.pid} ${Date.now()} ${(experiments += 1)}`));
afterEach(async () => {
  terminal?.close();
  const key = terminal && tagOf(await onlyRun(), 'run_key');
  if (key) rmSync(join(root, '.checkpoints', key.slice(0, 16)), { recursive: true });
});

/** Starts a run that takes long, and waits until it is in its second epoch. */
async function train(command: readonly string[], uri = server.uri): Promise<Terminal> {
  const long = ['--epochs=5000', `--data_dir=${folder}`, `--experiment_name=${experiment}`];
  const started = (terminal = new Terminal([...command, ...long], {
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_JOURNAL_DIR: join(folder, 'journal'),
    NX_DAEMON: 'false',
  }));
  await started.shows(/epoch 2\/5000/u);
  return started;
}

/** The only run that there is. */
async function onlyRun(): Promise<RunEntity> {
  const { experiment_id } = await client.getOrCreateExperiment(experiment);
  const runs: RunEntity[] = [];
  for await (const run of client.searchRuns([experiment_id])) runs.push(run);
  expect(runs).toHaveLength(1);
  return runs[0] as RunEntity;
}

function tagOf({ data }: RunEntity, name: string): string | undefined {
  return data.tags.find(({ key }) => key === name)?.value;
}

const root = join(__dirname, '../../..');
const study = [
  'npm',
  'run',
  'study',
  '--',
  '--model_name=simple_dense',
  '--dataset_name=mnist',
  '--alpha=0.1',
];

it.each([
  ['npm run study', study],
  ['npm start', ['npm', 'start', '--']],
  ['nx run study:...', ['npx', 'nx', 'run', 'study:simple_dense-mnist-lr']],
])('a Ctrl-C ends %s as KILLED, with all that it logged, and the terminal as it was', async (_, command) => {
  const window = await train(command);
  window.type(controlC);
  expect(await window.ends()).toBe(130);
  expect(window.shown).toContain('stopped by SIGINT');
  expect(window.turnedOff).toEqual([]);
  const run = await onlyRun();
  expect(run.info.status).toBe('KILLED');
  expect((await client.getMetricHistory(run.info.run_id, 'loss')).length).toBeGreaterThan(0);
  expect(tagOf(run, 'mlflow.source.name')).toBe('npm run study');
});

it('a second Ctrl-C, typed later, ends a run at once that waits for its server, and the terminal is as it was', async () => {
  const way = await wayTo(server.port);
  const window = await train(study, way.uri);
  way.close();
  window.type(controlC);
  await delay(2_000);
  window.type(controlC);
  expect(await window.ends()).toBe(130);
  expect(window.shown).not.toContain('stopped by SIGINT');
  expect(window.turnedOff).toEqual([]);
});

it('a run whose window is closed ends as KILLED', async () => {
  const window = await train(study);
  window.close();
  while ((await onlyRun()).info.status === 'RUNNING') await delay(100);
  expect((await onlyRun()).info.status).toBe('KILLED');
});

/** Another address of a port of this machine, until it is closed. */
async function wayTo(port: number): Promise<{ uri: string; close(): void }> {
  const sockets: Socket[] = [];
  const way = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    sockets.push(socket, onward);
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  return {
    uri: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    close: () => {
      way.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
