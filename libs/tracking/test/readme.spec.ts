import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleModule, examplesOf } from '../../../tools/test/examples';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import * as tracking from '../src/index';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(60_000);

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
const examples = examplesOf(readme);

/** Runs an example as a program of its own would, its imports resolved here; what it printed. */
async function runExample(code: string): Promise<unknown[][]> {
  const module = { exports: {} as { main: () => Promise<void> } };
  const load = (name: string): unknown =>
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    name === '@label-relaxation/tracking' ? tracking : require(name);
  const printed: unknown[][] = [];
  const print = { log: (...values: unknown[]) => printed.push(values) };
  new Function('exports', 'require', 'console', exampleModule(code))(module.exports, load, print);
  await module.exports.main();
  return printed;
}

describe('the examples of the README', () => {
  let server: MlflowServer;
  const folder = temporaryFolder();
  const environment = { ...process.env };
  const experiment = `readme-${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
    process.env.MLFLOW_TRACKING_URI = server.uri;
    process.env.MLFLOW_JOURNAL_DIR = join(folder.path, 'journal');
  }, 120_000);

  afterAll(async () => {
    process.env = environment;
    await server.stop();
    folder.remove();
  });

  it('are found', () => {
    expect(examples.map(([title]) => title)).toEqual([
      'A run',
      'Nested runs',
      'Files, datasets, models',
      'When the server is gone',
      'Going on with a run',
      'Reading',
    ]);
  });

  it.each(examples)('%s', async (_, code) => {
    await runExample(code.replaceAll("'digits'", `'${experiment}'`));
  });

  it('do what they say', async () => {
    const client = new tracking.MlflowClient();
    const { experiment_id: id = '' } = (await client.getExperimentByName(experiment)) ?? {};
    const runs = [];
    for await (const run of client.searchRuns([id], { orderBy: ['start_time ASC'] })) runs.push(run);
    expect(runs.map(({ info }) => info.status)).toEqual(Array(7).fill('FINISHED'));
    const [first, search, trial] = runs;
    expect(await client.getMetricHistory(first?.info.run_id ?? '', 'loss')).toHaveLength(3);
    expect(trial?.data.tags).toContainEqual({ key: 'mlflow.parentRunId', value: search?.info.run_id });
    const files = await client.listArtifacts(runs[4]?.info.run_id ?? '');
    expect(files.map(({ path }) => path).sort()).toEqual(['everything', 'notes', 'plots']);
    const printed = await runExample((examples.at(-1)?.[1] ?? '').replaceAll("'digits'", `'${experiment}'`));
    expect(printed).toContainEqual([
      'first try',
      [
        [0, 1],
        [1, 0.5],
        [2, 1 / 3],
      ],
    ]);
    expect(printed.at(-1)).toEqual([expect.stringMatching(/model_summary\.txt$/)]);
  });
});
