import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MetricEntity } from '@label-relaxation/tracking';
import { MlflowClient } from '@label-relaxation/tracking';
import type { MlflowServer } from '../../../tools/test/services';
import { startMlflowServer } from '../../../tools/test/services';
import { exampleDiagram } from './study-runs';

const root = resolve(__dirname, '../../..');
const experiment = `report-${process.pid}-${Date.now()}`;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the app as a user does. */
function report(words: readonly string[], uri?: string): Promise<Ended> {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_'));
  const child = spawn(
    process.execPath,
    ['-C', '@label-relaxation/source', '-r', 'ts-node/register', 'apps/report/src/main.ts', ...words],
    {
      cwd: root,
      env: {
        ...Object.fromEntries(environment),
        TS_NODE_PROJECT: 'tsconfig.base.json',
        ...(uri === undefined ? {} : { MLFLOW_TRACKING_URI: uri }),
      },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

describe('report against a real server', () => {
  let server: MlflowServer;
  let client: MlflowClient;
  let experimentId: string;
  let folder: string;

  async function log(
    params: Record<string, string>,
    metrics: Record<string, MetricEntity['value']>,
    {
      status = 'FINISHED',
      parent,
      diagram = true,
      experiment = experimentId,
    }: {
      status?: 'FINISHED' | 'FAILED';
      parent?: string;
      diagram?: boolean | object;
      experiment?: string;
    } = {},
  ): Promise<string> {
    const { info } = await client.createRun({
      experimentId: experiment,
      startTime: Date.now(),
      tags: parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }],
    });
    const all = {
      dataset_name: 'mnist',
      model_type: 'simple_dense',
      epochs: '2',
      test_run: 'True',
      ...params,
    };
    await client.logBatch(info.run_id, {
      metrics: Object.entries(metrics).map(([key, value]) => ({
        key,
        value,
        timestamp: Date.now(),
        step: 0,
      })),
      params: Object.entries(all).map(([key, value]) => ({ key, value })),
      tags: [],
    });
    if (diagram) {
      const json = JSON.stringify(diagram === true ? exampleDiagram(0.1) : diagram);
      await client.uploadBytes(info.run_id, 'reliability_diagram.json', Buffer.from(json));
    }
    await client.updateRun(info.run_id, { status, endTime: Date.now() });
    return info.run_id;
  }

  beforeAll(async () => {
    server = await startMlflowServer({ shared: true });
    client = new MlflowClient({ trackingUri: server.uri });
    experimentId = await client.createExperiment(experiment);
    folder = await mkdtemp(join(tmpdir(), 'report-spec-'));
    for (const seed of [0, 1, 2]) {
      const relaxed = { loss_name: 'label_relaxation', alpha: '0.1', seed: String(seed) };
      await log(relaxed, {
        test_accuracy: 0.98 + seed / 1000,
        ece: 0.003 + seed / 2000,
        nll: 0.06,
        brier: 0.03,
      });
      if (seed === 2) continue;
      const entropy = { loss_type: 'CategoricalCrossentropy', alpha: '0.0', seed: String(seed) };
      await log(entropy, {
        test_accuracy: 0.985 + seed / 1500,
        ece: 0.01 - seed / 3000,
        nll: 0.07,
        brier: 0.02,
      });
    }
    await log(
      { loss_name: 'focal', alpha: '2', seed: '0' },
      { test_accuracy: 0.9, ece: 0.2 },
      { status: 'FAILED' },
    );
    const search = await log(
      { loss_name: 'focal', best_alpha: '0.5', seed: '0', optimize_ece: 'True' },
      { test_accuracy: 0.979, ece: 0.02, nll: 0.08, brier: 0.04, best_alpha: 0.5 },
      { diagram: false },
    );
    for (const alpha of ['0.5', '2']) {
      const trial = { loss_name: 'focal', alpha, seed: '0', test_run: 'False' };
      await log(trial, { test_accuracy: 0.97, ece: Number(alpha) / 50 }, { parent: search, diagram: false });
    }
  }, 180_000);

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
    await server?.stop();
  }, 60_000);

  it('makes the table, writes its files and logs them to a finished run', async () => {
    const output = join(folder, 'all');
    const ended = await report(['--experiment_name', experiment, '--output', output, '--json'], server.uri);
    expect(ended).toMatchObject({ code: 0 });
    const result = JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) as string);
    expect(result).toMatchObject({ experiment_id: experimentId, tracking_uri: server.uri, scored: 'test' });
    expect(result.tables).toHaveLength(1);
    const rows = result.tables[0].rows as Record<string, unknown>[];
    expect(rows.map(({ label, seeds, missing_seeds }) => [label, seeds, missing_seeds])).toEqual([
      ['Cross-entropy', [0, 1], [2]],
      ['Focal loss, γ by ECE', [0], [1, 2]],
      ['Label relaxation, α = 0.1', [0, 1, 2], []],
    ]);
    expect(rows[2]).toMatchObject({ ece: { mean: expect.closeTo(0.0035, 12), best: true } });
    expect(rows[0]).toMatchObject({ accuracy: { best: true }, ece: { best: false } });

    const run = await client.getRun(result.run_id);
    expect(run.info).toMatchObject({ status: 'FINISHED', run_name: 'report', experiment_id: experimentId });
    const note = run.data.tags.find(({ key }) => key === 'mlflow.note.content')?.value;
    expect(note).toContain('Label relaxation, α = 0.1');
    const logged = await client.downloadArtifacts(result.run_id, 'report.html', join(folder, 'logged'));
    expect(await readFile(logged, 'utf8')).toBe(await readFile(join(output, 'report.html'), 'utf8'));
    const names = (await client.listArtifacts(result.run_id)).map(({ path }) => path);
    expect(names.sort()).toEqual([
      'plots',
      'report.html',
      'report.md',
      'report.tex',
      'runs.csv',
      'scores.csv',
      'tests.csv',
    ]);
    const plots = (await client.listArtifacts(result.run_id, 'plots')).map(({ path }) => path);
    expect(plots.sort()).toEqual([
      'plots/accuracy-ece-mnist-simple-dense.svg',
      'plots/ece-alpha-focal.svg',
      'plots/reliability-mnist-simple-dense.svg',
    ]);
  }, 60_000);

  it('takes the wanted seeds, losses and formats, and logs nothing when told so', async () => {
    const before = await count();
    const output = join(folder, 'some');
    const flags = ['--seeds', '0-3', '--losses', 'lr', '--format', 'csv', '--no_log', '--output', output];
    const ended = await report(['--experiment_name', experiment, '--tracking_uri', server.uri, ...flags]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('simple_dense on MNIST');
    expect(ended.stdout).toContain('0-2; missing: 3');
    expect(ended.stdout).not.toContain('Cross-entropy');
    expect(await readFile(join(output, 'scores.csv'), 'utf8')).toContain('0 1 2,3,');
    await expect(readFile(join(output, 'report.html'), 'utf8')).rejects.toThrow('ENOENT');
    expect(await count()).toBe(before);
  }, 60_000);

  it('says of scores that are not finite that they diverged', async () => {
    const name = `${experiment}-odd`;
    const id = await client.createExperiment(name);
    const whole = { test_accuracy: 0.9, ece: 0.02, nll: 0.5, brier: 0.1 };
    const params = (seed: number) => ({ loss_name: 'focal', alpha: '2', seed: String(seed) });
    await log(params(0), whole, { experiment: id });
    await log(
      params(1),
      { ...whole, ece: 'NaN', nll: 'Infinity' },
      { experiment: id, diagram: { ece: null } },
    );
    const output = join(folder, 'odd');
    const ended = await report(['--experiment_name', name, '--no_log', '--output', output], server.uri);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout.replace(/ +/g, ' ')).toContain(
      '| **0.9000 ± 0.0000** | 0.0200 (n = 1, 1 diverged) | 0.5000 (n = 1, 1 diverged) | **0.1000 ± 0.0000** | 0, 1 |',
    );
    expect(await readFile(join(output, 'runs.csv'), 'utf8')).toContain(',1,0.9,NaN,Infinity,0.1');
  }, 60_000);

  async function count(): Promise<number> {
    const ids: string[] = [];
    for await (const { info } of client.searchRuns([experimentId])) ids.push(info.run_id);
    return ids.length;
  }

  it('says in one line that there is no such experiment, or no such run', async () => {
    const missing = await report(['--experiment_name', `${experiment}-none`], server.uri);
    expect(missing).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `there is no experiment "${experiment}-none" on ${server.uri}: name one that has runs with --experiment_name\n`,
    });
    const empty = await report(['--experiment_name', experiment, '--datasets', 'cifar10'], server.uri);
    expect(empty).toMatchObject({ code: 1, stdout: '' });
    expect(empty.stderr).toMatch(
      /^the experiment ".*" has no finished runs scored on test data that fit: [^\n]*\n$/,
    );
  }, 60_000);
});

describe('report without a server', () => {
  it('says in one line that the server cannot be reached', async () => {
    const ended = await report(['--tracking_uri', 'http://127.0.0.1:1']);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^http:\/\/127\.0\.0\.1:1 cannot be reached[^\n]*\n$/);
  }, 60_000);

  it('refuses an unknown flag with exit code 2 in one line', async () => {
    expect(await report(['--sedes', '1'], 'http://127.0.0.1:1')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Unknown argument: sedes; --help lists the flags\n',
    });
  }, 60_000);
});
