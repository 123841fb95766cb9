import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import {
  endOpenRuns,
  MlflowClient,
  resumeRun,
  shortDigest,
  startRun,
  syncJournal,
  tensorSchema,
  withRun,
  type StartRunOptions,
  type TransferProgress,
} from '../src/index';
import { temporaryFolder } from './support/workspace';

jest.setTimeout(60_000);

let server: MlflowServer;
let client: MlflowClient;
let folder: { path: string; remove: () => void };
let warnings: string[];
let experimentName: string;

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  client = new MlflowClient({ trackingUri: server.uri });
}, 120_000);

afterAll(() => server.stop());

beforeEach(() => {
  folder = temporaryFolder();
  warnings = [];
  experimentName = `runs-${randomBytes(6).toString('hex')}`;
});

afterEach(() => folder.remove());

function options(more: StartRunOptions = {}): StartRunOptions {
  return {
    trackingUri: server.uri,
    journalDir: join(folder.path, 'journal'),
    experimentName,
    flushIntervalMs: 20,
    onWarning: (message) => warnings.push(message),
    ...more,
  };
}

async function tagsOf(runId: string): Promise<Record<string, string>> {
  const { data } = await client.getRun(runId);
  return Object.fromEntries(data.tags.map(({ key, value }) => [key, value]));
}

describe('a run', () => {
  it('is FINISHED with what was logged, and looks native', async () => {
    const id = await withRun(
      options({ runName: 'first', description: 'A *note*', tags: { team: 'a' }, params: { epochs: 25 } }),
      (run) => {
        run.logParams({ opt_learning_rate: 0.1, nesterov: true, loss_name: 'label_relaxation' });
        run.logMetrics({ loss: 0.5, val_loss: NaN }, 0);
        run.logMetrics({ loss: 0.25, val_loss: Infinity }, 1);
        run.logMetric('lowest', -Infinity);
        run.logMetric('loss', 0.125, { step: 2, timestamp: 1234 });
        run.setTag('stage', 'training');
        run.setTag('stage', 'done');
        return run.id;
      },
    );
    const { info, data } = await client.getRun(id);
    expect(info).toMatchObject({ run_name: 'first', status: 'FINISHED', lifecycle_stage: 'active' });
    expect(info.end_time).toBeGreaterThanOrEqual(info.start_time ?? Infinity);
    expect(Object.fromEntries(data.params.map(({ key, value }) => [key, value]))).toEqual({
      epochs: '25',
      opt_learning_rate: '0.1',
      nesterov: 'true',
      loss_name: 'label_relaxation',
    });
    const loss = await client.getMetricHistory(id, 'loss', { pageSize: 2 });
    expect(loss.map(({ step, value }) => [step, value])).toEqual(
      expect.arrayContaining([
        [0, 0.5],
        [1, 0.25],
        [2, 0.125],
      ]),
    );
    expect(loss.find(({ step }) => step === 2)?.timestamp).toBe(1234);
    const validation = await client.getMetricHistory(id, 'val_loss');
    expect(validation.find(({ step }) => step === 0)?.value).toBeNaN();
    expect(validation.find(({ step }) => step === 1)?.value).toBe(Infinity);
    expect(data.metrics.find(({ key }) => key === 'lowest')?.value).toBe(-Infinity);
    expect(await tagsOf(id)).toMatchObject({
      'mlflow.runName': 'first',
      'mlflow.note.content': 'A *note*',
      'mlflow.source.type': 'LOCAL',
      'mlflow.source.name': expect.any(String),
      'mlflow.user': expect.any(String),
      'mlflow.source.git.commit': expect.stringMatching(/^[0-9a-f]{40}$/),
      team: 'a',
      stage: 'done',
    });
    expect(warnings).toEqual([]);
    expect(readdirSync(join(folder.path, 'journal'))).toEqual([]);
  });

  it('is FAILED with the error as a tag, which goes on to the caller', async () => {
    let id = '';
    const failing = withRun(options(), (run) => {
      id = run.id;
      throw new TypeError('loss is NaN');
    });
    await expect(failing).rejects.toThrow('loss is NaN');
    expect((await client.getRun(id)).info).toMatchObject({ status: 'FAILED', end_time: expect.any(Number) });
    expect(await tagsOf(id)).toMatchObject({ error: 'TypeError: loss is NaN' });
  });

  it('is KILLED by an aborted signal, and by endOpenRuns', async () => {
    const controller = new AbortController();
    let id = '';
    const killed = withRun({ ...options(), signal: controller.signal }, async (run) => {
      id = run.id;
      controller.abort(new Error('SIGINT'));
      controller.signal.throwIfAborted();
    });
    await expect(killed).rejects.toThrow('SIGINT');
    const parent = await startRun(options());
    const child = await startRun(options({ parent }));
    child.logMetric('loss', 1);
    const reports = await endOpenRuns('KILLED', { error: new Error('SIGTERM') });
    expect(reports.map(({ runId, waiting }) => [runId, waiting])).toEqual([
      [child.id, 0],
      [parent.id, 0],
    ]);
    for (const run of [id, parent.id, child.id]) {
      expect((await client.getRun(run)).info).toMatchObject({
        status: 'KILLED',
        end_time: expect.any(Number),
      });
    }
    expect(await tagsOf(child.id)).toMatchObject({ error: 'SIGTERM', 'mlflow.parentRunId': parent.id });
    expect(await endOpenRuns()).toEqual([]);
  });

  it('takes nothing more after its end, and ends once', async () => {
    const run = await startRun(options());
    const report = await run.end();
    expect(await run.end('FAILED')).toBe(report);
    expect(() => run.logMetric('loss', 1)).toThrow(`The run ${run.id} has ended`);
    expect((await client.getRun(run.id)).info.status).toBe('FINISHED');
  });

  it('refuses at the call what the server would refuse or drop, and logs nothing of it', async () => {
    const run = await startRun(options());
    run.logParam('lr', 0.1);
    expect(() => run.logMetrics({ loss: 1, 'val/acc@1': 1 })).toThrow(
      /^The metric "val\/acc@1" .* Nothing of the call was logged\.$/,
    );
    expect(() => run.logMetric('loss', 1, 1.5)).toThrow('The metric "loss" has the step 1.5');
    expect(() => run.logParams({ momentum: 0.9, lr: 0.2 })).toThrow(
      /^The param "lr" was logged as "0\.1" and cannot become "0\.2": .* Nothing of the call was logged\.$/,
    );
    expect(() => run.logParam('lr', 0.1)).not.toThrow();
    expect(() => run.setTag('t', 'x'.repeat(8001))).toThrow('The tag "t"');
    expect(() => run.setTags({ good: 1, 'timing(s)/gen': 2 })).toThrow(/"timing\(s\)\/gen".* Nothing/);
    expect(() => run.logText('x', 'a%b.txt')).toThrow('"a%b.txt"');
    expect(() => run.logJson(undefined, 'x.json')).toThrow('"x.json"');
    expect(() => run.logFigure('<svg/>', 'x.png')).toThrow('name it .svg');
    await expect(startRun(options({ params: { '': 1 } }))).rejects.toThrow('name of a param');
    await run.end();
    const { data } = await client.getRun(run.id);
    expect(data.metrics).toEqual([]);
    expect(data.params).toEqual([{ key: 'lr', value: '0.1' }]);
    expect(data.tags.map(({ key }) => key)).not.toContain('good');
  });

  it('logs the load of the machine', async () => {
    const run = await startRun(options({ systemMetrics: { intervalMs: 50 } }));
    await new Promise((resolve) => setTimeout(resolve, 400));
    await run.end();
    const { data } = await client.getRun(run.id);
    const metrics = Object.fromEntries(data.metrics.map(({ key, value }) => [key, value]));
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining([
        'system/cpu_utilization_percentage',
        'system/system_memory_usage_megabytes',
        'system/system_memory_usage_percentage',
        'system/disk_usage_percentage',
        'system/network_receive_megabytes',
        'system/network_transmit_megabytes',
      ]),
    );
    expect(metrics['system/system_memory_usage_percentage']).toBeGreaterThan(0);
    expect(metrics['system/system_memory_usage_percentage']).toBeLessThanOrEqual(100);
    expect(
      (await client.getMetricHistory(run.id, 'system/cpu_utilization_percentage')).length,
    ).toBeGreaterThan(1);
  });
});

describe('a tag', () => {
  it('may be set by many at the same time', async () => {
    const run = await startRun(options());
    const impatient = new MlflowClient({ trackingUri: server.uri, backoffMs: 20 });
    const keys = Array.from({ length: 20 }, (_, i) => `shared-${i}`);
    for (const key of keys) {
      await Promise.all(Array.from({ length: 6 }, (_, i) => impatient.setTag(run.id, key, `value ${i}`)));
    }
    const { data } = await client.getRun(run.id);
    expect(data.tags?.filter(({ key }) => keys.includes(key))).toHaveLength(keys.length);
    await run.end();
  });
});

describe('artifacts', () => {
  it('come back as they were when they were logged', async () => {
    const progress: TransferProgress[] = [];
    const source = join(folder.path, 'source');
    mkdirSync(join(source, 'deep'), { recursive: true });
    const large = randomBytes(3_000_000);
    writeFileSync(join(source, 'deep', 'large.bin'), large);
    writeFileSync(join(source, 'ünï cödé +&.txt'), 'text');
    writeFileSync(join(source, 'empty'), '');
    const run = await startRun(options({ onProgress: (event) => progress.push(event) }));
    run.logText('Total params: 5', 'model_summary.txt');
    run.logJson({ ece: 0.01 }, 'results/reliability.json');
    run.logFigure('<svg xmlns="http://www.w3.org/2000/svg"/>', 'results/reliability.svg');
    run.logFigure(Buffer.from([0x89, 0x50]), 'results/figure.png');
    await run.logArtifact(join(source, 'empty'), 'single');
    await run.logArtifacts(source, 'folder');
    writeFileSync(join(source, 'deep', 'large.bin'), 'changed after it was logged');
    await expect(run.logArtifact(join(source, 'missing'))).rejects.toThrow(/missing cannot be read/);
    await expect(run.logArtifact(source)).rejects.toThrow('is not a file');
    await expect(run.logArtifacts(join(source, 'empty'))).rejects.toThrow('is not a folder');
    mkdirSync(join(folder.path, 'odd'));
    for (const name of ['fine', '100%']) writeFileSync(join(folder.path, 'odd', name), '');
    await expect(run.logArtifacts(join(folder.path, 'odd'))).rejects.toThrow(/"100%".* Nothing of the call/);
    expect((await run.end()).waiting).toBe(0);

    expect((await client.listArtifacts(run.id)).map(({ path }) => path).sort()).toEqual([
      'folder',
      'model_summary.txt',
      'results',
      'single',
    ]);
    const target = join(folder.path, 'target');
    const path = await client.downloadArtifacts(run.id, 'folder', target);
    expect(path).toBe(join(target, 'folder'));
    expect(readFileSync(join(path, 'deep', 'large.bin')).equals(large)).toBe(true);
    expect(readFileSync(join(path, 'ünï cödé +&.txt'), 'utf8')).toBe('text');
    expect(readFileSync(join(path, 'empty'))).toHaveLength(0);
    const json = await client.downloadArtifacts(run.id, 'results/reliability.json', target);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual({ ece: 0.01 });
    await expect(client.downloadArtifacts(run.id, 'nothing.txt', target)).rejects.toThrow();
    expect(readdirSync(target).sort()).toEqual(['folder', 'reliability.json']);
    const uploads = progress.filter((event) => event.path === 'folder/deep/large.bin');
    expect(uploads.length).toBeGreaterThan(2);
    expect(uploads.at(-1)).toMatchObject({ transferred: 3_000_000, total: 3_000_000 });
  });
});

describe('datasets', () => {
  it('are inputs of the run, by their context', async () => {
    const run = await startRun(options());
    const mnist = {
      name: 'mnist',
      source: 'https://example.org/mnist.gz',
      schema: tensorSchema({ shape: [28, 28, 1], type: 'uint8' }, { shape: [], type: 'int64' }),
    };
    run.logInput({ ...mnist, digest: shortDigest('train'), profile: { rows: 60_000 } }, 'train');
    run.logInput({ ...mnist, digest: shortDigest('test'), source: '/data/mnist' }, 'eval');
    expect(() => run.logInput({ ...mnist, digest: shortDigest('train') }, 'eval')).toThrow(
      'Give each part a digest of its own',
    );
    expect(() => run.logInput({ ...mnist, digest: 'x'.repeat(64) })).toThrow('digest of 64 characters');
    await run.end();
    const { inputs } = await client.getRun(run.id);
    expect(inputs.dataset_inputs).toHaveLength(2);
    const train = inputs.dataset_inputs.find(({ tags }) => tags?.[0]?.value === 'train');
    expect(train).toMatchObject({
      tags: [{ key: 'mlflow.data.context', value: 'train' }],
      dataset: {
        name: 'mnist',
        digest: shortDigest('train'),
        source_type: 'http',
        source: '{"url":"https://example.org/mnist.gz"}',
        profile: '{"rows":60000}',
      },
    });
    expect(JSON.parse(train?.dataset.schema ?? '')).toHaveProperty('mlflow_tensorspec.features');
  });
});

describe('models', () => {
  const description = {
    savedModel: 'tfmodel',
    signature: {
      inputs: [{ name: 'images', type: 'float32', shape: [-1, 28, 28, 1] }],
      outputs: [{ name: 'logits', type: 'float32', shape: [-1, 10] }],
    },
    inputExample: { images: [[[[0]]]] },
    requirements: ['mlflow==3.17.2', 'tensorflow==2.21.0'],
    flavors: { tfjs: { data: 'tfjs/model.json' } },
  };

  function writeModel(): string {
    const path = join(folder.path, 'model-source');
    mkdirSync(join(path, 'tfmodel', 'variables'), { recursive: true });
    mkdirSync(join(path, 'tfjs'), { recursive: true });
    writeFileSync(join(path, 'tfmodel', 'saved_model.pb'), 'graph');
    writeFileSync(join(path, 'tfjs', 'model.json'), '{}');
    return path;
  }

  it('are logged with their MLmodel file, named by the run, and registered', async () => {
    const registered = `registered-${experimentName}`;
    const run = await startRun(options());
    await run.logModel(writeModel(), {
      description,
      step: 3,
      params: { depth: 2 },
      tags: { kind: 'test' },
      registeredModelName: registered,
    });
    expect((await run.end()).waiting).toBe(0);

    const [model] = await client.runModels(run.id);
    expect(model?.info).toMatchObject({ name: 'model', status: 'LOGGED_MODEL_READY', source_run_id: run.id });
    expect(model?.data?.params).toEqual([{ key: 'depth', value: '2' }]);
    expect((await client.getRun(run.id)).outputs.model_outputs).toEqual([
      { model_id: model?.info.model_id, step: 3 },
    ]);
    expect(await client.listArtifacts(run.id)).toEqual([{ path: 'model', is_dir: true }]);
    const path = await client.downloadArtifacts(run.id, 'model', join(folder.path, 'target'));
    expect(readdirSync(path).sort()).toEqual(
      [
        'MLmodel',
        'conda.yaml',
        'input_example.json',
        'python_env.yaml',
        'requirements.txt',
        'serving_input_example.json',
        'tfjs',
        'tfmodel',
      ].sort(),
    );
    expect(readFileSync(join(path, 'tfmodel', 'saved_model.pb'), 'utf8')).toBe('graph');
    expect(readFileSync(join(path, 'requirements.txt'), 'utf8')).toBe('mlflow==3.17.2\ntensorflow==2.21.0\n');
    const files = await client.listLoggedModelArtifacts(model?.info.model_id ?? '');
    expect(files.map((file) => file.path).sort()).toEqual(readdirSync(path).sort());
    const versions = await client.searchModelVersions(`name = '${registered}'`);
    expect(versions).toMatchObject([
      { version: '1', run_id: run.id, source: `models:/${model?.info.model_id}` },
    ]);
  });

  it('are one model under one key, with the later files', async () => {
    const run = await startRun(options());
    for (const weights of ['first', 'second']) {
      writeFileSync(join(writeModel(), 'tfmodel', 'saved_model.pb'), weights);
      await run.logModel(join(folder.path, 'model-source'), { description, key: "the run's own" });
    }
    expect((await run.end()).waiting).toBe(0);
    const models = await client.runModels(run.id);
    expect(models.map(({ info }) => info.status)).toEqual(['LOGGED_MODEL_READY']);
    const path = await client.downloadArtifacts(run.id, 'model', join(folder.path, 'target'));
    expect(readFileSync(join(path, 'tfmodel', 'saved_model.pb'), 'utf8')).toBe('second');
  });

  it('of others, whose files are not among the artifacts of the run, are listed and downloaded too', async () => {
    const run = await startRun(options());
    const { info } = await client.createLoggedModel({
      experimentId: run.experimentId ?? '',
      name: 'theirs',
      runId: run.id,
    });
    await client.uploadTo(info.artifact_uri, 'data/weights.bin', __filename);
    await client.finalizeLoggedModel(info.model_id, 'LOGGED_MODEL_READY');
    await client.logOutputs(run.id, [{ model_id: info.model_id, step: 0 }]);
    run.logText('x', 'notes.txt');
    await run.end();
    expect((await client.listArtifacts(run.id)).map(({ path }) => path)).toEqual(['notes.txt', 'theirs']);
    expect((await client.listArtifacts(run.id, 'theirs/data')).map(({ path }) => path)).toEqual([
      'theirs/data/weights.bin',
    ]);
    const path = await client.downloadArtifacts(run.id, 'theirs', join(folder.path, 'target'));
    expect(readFileSync(join(path, 'data', 'weights.bin'))).toEqual(readFileSync(__filename));
  });

  it('need an MLmodel file or a description, and a plain name', async () => {
    const run = await startRun(options());
    await expect(run.logModel(writeModel())).rejects.toThrow('has no MLmodel file');
    await expect(
      run.logModel(join(folder.path, 'model-source'), { name: 'a/b', description }),
    ).rejects.toThrow('"a/b"');
    await expect(
      run.logModel(join(folder.path, 'model-source'), {
        description: { ...description, savedModel: 'tfjs' },
      }),
    ).rejects.toThrow('saved_model.pb is missing');
    expect(await run.end()).toMatchObject({ waiting: 0, logged: 1 });
    expect(await client.runModels(run.id)).toEqual([]);
  });
});

describe('resumeRun', () => {
  it('goes on with a run that has ended, by the server', async () => {
    const first = await startRun(options({ params: { lr: 0.1 } }));
    first.logMetric('loss', 1, 0);
    await first.end('KILLED');
    const again = await resumeRun(first.id, options());
    expect(again.id).toBe(first.id);
    expect(() => again.logParam('lr', 0.2)).toThrow('The param "lr" was logged as "0.1"');
    await again.flush();
    expect((await client.getRun(first.id)).info.status).toBe('RUNNING');
    again.logMetric('loss', 0.5, 1);
    await again.end();
    expect((await client.getRun(first.id)).info.status).toBe('FINISHED');
    expect(await client.getMetricHistory(first.id, 'loss')).toHaveLength(2);
    expect(readdirSync(join(folder.path, 'journal'))).toEqual([]);
  });

  it('goes on with the journal of a run that was offline', async () => {
    const first = await startRun(options({ offline: true, params: { lr: 0.1 } }));
    first.logMetric('loss', 1, 0);
    await expect(resumeRun(first.id, options({ offline: true }))).rejects.toThrow(
      `is being logged by process ${process.pid}`,
    );
    await first.end('KILLED');
    const again = await resumeRun(first.id, options());
    expect(() => again.logParam('lr', 0.2)).toThrow('The param "lr" was logged as "0.1"');
    again.logMetric('loss', 0.5, 1);
    await again.end();
    expect(again.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.getRun(again.id)).info.status).toBe('FINISHED');
    expect(await client.getMetricHistory(again.id, 'loss')).toHaveLength(2);
    const byLocalId = await resumeRun(first.id, options());
    expect(byLocalId.id).toBe(again.id);
    await byLocalId.end();
  });

  it('can go on offline with a run of the server, and be sent later', async () => {
    const first = await startRun(options());
    await first.end();
    const again = await resumeRun(first.id, options({ offline: true }));
    again.logMetric('loss', 1, 0);
    await again.end();
    expect(await syncJournal(options())).toMatchObject({
      waiting: 0,
      runs: [{ runId: first.id, outcome: 'sent' }],
    });
    expect(await client.getMetricHistory(first.id, 'loss')).toHaveLength(1);
  });

  it('says that it does not know a run', async () => {
    await expect(resumeRun('0'.repeat(32), options())).rejects.toThrow('RESOURCE_DOES_NOT_EXIST');
    expect(readdirSync(join(folder.path, 'journal'))).toEqual([]);
  });
});

describe('the environment', () => {
  const environment = { ...process.env };

  afterEach(() => {
    process.env = { ...environment };
  });

  it('names the server, the experiment and the run to go on with', async () => {
    process.env.MLFLOW_TRACKING_URI = `${server.uri}/`;
    process.env.MLFLOW_JOURNAL_DIR = join(folder.path, 'journal');
    process.env.MLFLOW_EXPERIMENT_NAME = experimentName;
    const first = await startRun({});
    await first.end();
    process.env.MLFLOW_RUN_ID = first.id;
    const again = await startRun({ params: { lr: 0.1 } });
    expect(again.id).toBe(first.id);
    const child = await startRun({ parent: again });
    expect(child.experimentId).toBe(first.experimentId);
    await child.end();
    await again.end();
    const other = await startRun({});
    expect(other.id).not.toBe(first.id);
    await other.end();
    const experiment = await client.getExperimentByName(experimentName);
    expect(first.experimentId).toBe(experiment?.experiment_id);
    expect((await client.getRun(first.id)).data.params).toEqual([{ key: 'lr', value: '0.1' }]);
    process.env.MLFLOW_EXPERIMENT_NAME = '';
    process.env.MLFLOW_EXPERIMENT_ID = first.experimentId;
    const byId = await startRun({});
    expect(byId.experimentId).toBe(first.experimentId);
    await byId.end();
  });
});

describe('experiments', () => {
  it('are made once by many at the same time', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => startRun(options())));
    expect(new Set(runs.map(({ experimentId }) => experimentId)).size).toBe(1);
    await Promise.all(runs.map((run) => run.end()));
  });

  it('that were deleted are named, or restored', async () => {
    const experiment = await client.getOrCreateExperiment(experimentName);
    await client.deleteExperiment(experiment.experiment_id);
    await expect(startRun(options())).rejects.toThrow(
      `The experiment "${experimentName}" was deleted and its name is still taken: choose another name, or restore it with restoreDeletedExperiment: true`,
    );
    const run = await startRun(options({ restoreDeletedExperiment: true }));
    expect(run.experimentId).toBe(experiment.experiment_id);
    await run.end();
  });

  it('that were deleted are restored by the command that is named', async () => {
    const { experiment_id } = await client.getOrCreateExperiment(experimentName);
    await client.deleteExperiment(experiment_id);
    const error = (await client.getOrCreateExperiment(experimentName).catch((one: unknown) => one)) as Error;
    const [, command = ''] = /with "(MLFLOW_TRACKING_URI=.*)"\.$/u.exec(error.message) ?? [];
    const python = join(__dirname, '../../../.venv/bin');
    const env = { ...process.env, PATH: `${python}:${process.env['PATH']}` };
    await promisify(execFile)('sh', ['-c', command], { env });
    expect((await client.getOrCreateExperiment(experimentName)).experiment_id).toBe(experiment_id);
  }, 300_000);

  it('and runs are found by search, all pages', async () => {
    for (let i = 0; i < 3; i += 1)
      await withRun(options({ params: { index: i } }), (run) => run.logMetric('accuracy', i / 10));
    const experiment = await client.getExperimentByName(experimentName);
    const ids = [experiment?.experiment_id ?? ''];
    const found: string[] = [];
    for await (const { data } of client.searchRuns(ids, {
      filter: 'metrics.accuracy > 0.05',
      orderBy: ['metrics.accuracy DESC'],
      pageSize: 1,
    })) {
      found.push(data.params[0]?.value ?? '');
    }
    expect(found).toEqual(['2', '1']);
    const names: string[] = [];
    for await (const { name } of client.searchExperiments({
      filter: `name = '${experimentName}'`,
      pageSize: 1,
    }))
      names.push(name);
    expect(names).toEqual([experimentName]);
    const [run] = [...(await collect(client.searchRuns(ids)))];
    await client.deleteRun(run?.info.run_id ?? '');
    expect(await collect(client.searchRuns(ids))).toHaveLength(2);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
