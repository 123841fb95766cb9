import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { controlC, Terminal } from '../../../tools/test/terminal';
import { Workplace } from './workplace';

jest.setTimeout(600_000);

let server: MlflowServer;
let place: Workplace;
let window: Terminal | undefined;
beforeAll(async () => (server = await startMlflowServer({ shared: true })));
afterAll(() => server.stop());
beforeEach(() => (place = new Workplace(server.uri)));
afterEach(() => {
  window?.close();
  place.close();
});

it('a Ctrl-C ends npm run study-ho, its trial and its parent as KILLED, and the terminal as it was', async () => {
  const data = [
    '--model_name=simple_dense',
    '--dataset_name=mnist',
    `--data_dir=${join(place.folder, 'data')}`,
  ];
  const flags = [...data, '--alphas=0.1', '--epochs=2000', `--experiment_name=${place.experiment}`];
  window = new Terminal(['npm', 'run', 'study-ho', '--', ...flags], {
    MLFLOW_TRACKING_URI: server.uri,
    MLFLOW_JOURNAL_DIR: place.folder,
  });
  await window.shows(/running +2\/2000/u);
  window.type(controlC);
  expect(await window.ends()).toBe(130);
  expect(window.shown).toContain('stopped by SIGINT');
  expect(window.turnedOff).toEqual([]);
  const { parents, trials } = await place.runs();
  expect([...parents, ...trials].map(({ info }) => info.status)).toEqual(['KILLED', 'KILLED']);
  for (const { info } of trials) rmSync(join('.checkpoints', info.run_id), { recursive: true, force: true });
});
