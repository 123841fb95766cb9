import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrationMethods, parseCalibrator } from '@label-relaxation/calibration';
import { loadDataset } from '@label-relaxation/data';
import { declarationOf, losses } from '@label-relaxation/losses/declarations';
import { MlflowClient, syncJournal } from '@label-relaxation/tracking';
import { isLong } from '../../../tools/test/long';
import { startMlflowServer, type MlflowServer } from '../../../tools/test/services';
import { writeSmallMnist } from '../test/small-mnist';
import { Stopped } from './command';
import { UsageError } from './errors';
import type { RunEvent } from './run/events';
import { resolveParameters } from './parameters/hyperparameters';
import { evaluateRun, performRun, planRun } from './lazy';
import type { GivenParameters } from './parameters/parameters';

jest.setTimeout(180_000);

let server: MlflowServer;
let client: MlflowClient;
let folder: string;

beforeAll(async () => {
  server = await startMlflowServer({ shared: true });
  client = new MlflowClient({ trackingUri: server.uri });
  folder = mkdtempSync(join(tmpdir(), 'perform-run-'));
  process.env['MLFLOW_JOURNAL_DIR'] = join(folder, 'journal');
  writeSmallMnist(join(folder, 'data'));
});

afterAll(async () => {
  delete process.env['MLFLOW_JOURNAL_DIR'];
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

function parametersOf(given: GivenParameters = {}) {
  return resolveParameters({
    model_name: 'simple_dense',
    dataset_name: 'mnist',
    data_dir: join(folder, 'data'),
    alpha: 0.1,
    epochs: 3,
    initial_lr: 0.05,
    data_augmentation: false,
    threads: 1,
    tracking_uri: server.uri,
    experiment_name: 'perform-run.spec',
    ...given,
  }).parameters;
}

let folders = 0;
const checkpointDir = () => join(folder, `checkpoint-${(folders += 1)}`);
const perform = (given: GivenParameters = {}, options: Parameters<typeof performRun>[1] = {}) =>
  performRun(parametersOf(given), { checkpointDir: checkpointDir(), ...options });

const byKey = (pairs: readonly { key: string; value: unknown }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

/** The only run of the spec's experiment whose name is this. */
async function runNamed(name: string) {
  const experiment = await client.getExperimentByName('perform-run.spec');
  const found = [];
  const ids = [experiment?.experiment_id ?? ''];
  for await (const run of client.searchRuns(ids, { filter: `run_name = '${name}'` })) found.push(run);
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe('performRun', () => {
  it('tracks a run from its params to its model', async () => {
    const result = await perform({ test_run: true, run_name: 'whole' });
    expect(result).toMatchObject({
      tracking_uri: server.uri,
      model_name: 'simple_dense',
      dataset_name: 'mnist',
      loss_name: 'label_relaxation',
      alpha: 0.1,
      seed: 0,
      scored: 'test',
      temperature: null,
      changed_labels: null,
      epochs: 3,
      parameters: 1_863_690,
    });
    expect(result.accuracy).toBeGreaterThan(0.6);
    expect(result.split).toMatchObject({
      train: { size: 600 },
      validation: null,
      scaling: null,
      test: { size: 100 },
    });

    const { info, data, inputs } = await client.getRun(result.run_id);
    expect(info).toMatchObject({
      status: 'FINISHED',
      run_name: 'whole',
      experiment_id: result.experiment_id,
    });
    expect(info.end_time).toBeGreaterThanOrEqual(info.start_time!);
    expect(byKey(data.params)).toMatchObject({
      model_name: 'simple_dense',
      model_type: 'simple_dense',
      loss_name: 'label_relaxation',
      loss_type: 'LabelRelaxation',
      alpha: '0.1',
      epochs: '3',
      batch_size: '64',
      test_run: 'True',
      opt_learning_rate: '0.05',
      opt_momentum: '0.9',
      opt_nesterov: 'True',
      scored: 'test',
    });
    const metrics = byKey(data.metrics);
    const { accuracy, brier, smooth_ece, aurc } = result;
    expect(metrics).toMatchObject({ test_accuracy: accuracy, brier, smooth_ece, aurc });
    expect(metrics['ece']).toBeCloseTo(result.ece, 12);
    const losses = await client.getMetricHistory(result.run_id, 'loss');
    expect(losses.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(losses[2]!.value).toBeLessThan(losses[0]!.value);
    expect(metrics).not.toHaveProperty('val_loss');
    const contexts = inputs?.dataset_inputs?.map(({ tags }) => tags?.[0]?.value);
    expect(contexts?.sort()).toEqual(['eval', 'train']);

    const artifacts = (await client.listArtifacts(result.run_id)).map(({ path }) => path);
    expect(artifacts).toEqual(
      expect.arrayContaining([
        'confidence.html',
        'configuration.json',
        'model_summary.txt',
        'reliability_diagram.json',
        'reliability_diagram.svg',
        'result.json',
        'model',
      ]),
    );
    const file = await client.downloadArtifacts(result.run_id, 'result.json', folder);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(result);
    await expect(evaluateRun(result.run_id, { trackingUri: server.uri })).resolves.toMatchObject({
      scored: 'test',
      accuracy: result.accuracy,
      ece: expect.closeTo(result.ece, 5),
      nll: expect.closeTo(result.nll, 5),
      brier: expect.closeTo(result.brier, 5),
    });
  });

  // Three stand for all: the paper's, one that changes over the run, and one without alpha.
  const few = ['label_relaxation', 'data_ambiguation', 'brier'] as const;
  it.each(isLong ? losses.map(({ name }) => name) : few)(
    'scores %s on the validation part, at a temperature chosen on the scaling part',
    async (loss_name) => {
      const given = { loss_name, alpha: declarationOf(loss_name).alpha?.example ?? 0 };
      const result = await perform({ ...given, epochs: 1, temp_scaling: true, model_checkpoints: true });
      expect(result.scored).toBe('validation');
      expect(result.temperature).toBeGreaterThanOrEqual(0.05);
      expect(result.split).toMatchObject({
        scaling: { size: 90 },
        validation: { size: 128 },
        train: { size: 382 },
      });
      const { data } = await client.getRun(result.run_id);
      const metrics = byKey(data.metrics);
      expect(metrics).toMatchObject({ accuracy_unscaled: result.accuracy, temperature: result.temperature });
      expect(metrics['nll_unscaled']).not.toBe(result.nll);
      expect(metrics).toHaveProperty('val_loss');
      expect(byKey(data.params)['T']).toBe(String(result.temperature));
      const artifacts = (await client.listArtifacts(result.run_id)).map(({ path }) => path);
      expect(artifacts).toContain('best_model');
    },
  );

  it.each(['best', 'smatrix'] as const)(
    'calibrates by %s and makes prediction sets, which evaluating applies again',
    async (calibrate) => {
      const result = await perform({ epochs: 2, test_run: true, calibrate, conformal: 0.2 });
      expect(result.split).toMatchObject({ scaling: { size: 90 }, train: { size: 510 } });
      expect(calibrationMethods).toContain(result.calibrator);
      expect(result.uncalibrated!.nll).not.toBe(result.nll);
      expect(result.refinement).toBeGreaterThan(0);
      const { alpha, threshold, coverage, mean_size } = result.conformal!;
      expect(alpha).toBe(0.2);
      expect(threshold).toBeGreaterThan(0);
      expect(coverage).toBeGreaterThan(0.6);
      expect(mean_size).toBeGreaterThan(0.6);

      const { data } = await client.getRun(result.run_id);
      expect(byKey(data.params)).toMatchObject({ calibrate, calibrator: result.calibrator });
      const metrics = byKey(data.metrics);
      expect(metrics).toMatchObject({ conformal_mean_size: mean_size });
      for (const name of ['refinement', 'nll_unscaled', 'conformal_coverage', 'conformal_threshold']) {
        expect(metrics).toHaveProperty(name);
      }
      const file = await client.downloadArtifacts(result.run_id, 'calibrator.json', folder);
      const written = parseCalibrator(readFileSync(file, 'utf8'));
      expect(written).toMatchObject({ method: result.calibrator, classes: 10, examples: 45 });
      const artifacts = (await client.listArtifacts(result.run_id)).map(({ path }) => path);
      expect(artifacts).toContain('conformal.json');
      expect(artifacts.includes('calibrator_choice.json')).toBe(calibrate === 'best');

      const again = await evaluateRun(result.run_id, { trackingUri: server.uri });
      expect(again).toMatchObject({ calibrator: result.calibrator, tracked: { nll: result.nll } });
      expect(again.nll).toBeCloseTo(result.nll, 4);
      expect(again.conformal!.coverage).toBeCloseTo(coverage, 1);
    },
  );

  it('refuses a calibration that the scaling part is too small for, before it trains', async () => {
    await expect(perform({ calibrate: 'matrix', run_name: 'too small' })).rejects.toThrow(
      /^--calibrate matrix cannot be done: .*has 110 weights .* there are 90: take smatrix/,
    );
    await expect(planRun(parametersOf({ calibrate: 'matrix' }))).rejects.toThrow(UsageError);
  });

  it('keeps the model of the epoch that is best by what --select says', async () => {
    const result = await perform({ epochs: 3, select: 'refinement', model_checkpoints: true });
    const refinements = await client.getMetricHistory(result.run_id, 'val_refinement');
    expect(refinements.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(refinements[2]!.value).toBeCloseTo(result.refinement!, 6);
  });

  it('gives the same run for the same seed, bit for bit, and another for another', async () => {
    const given = { data_augmentation: true, epochs: 1 };
    const figures = async (seed: number) => {
      const { accuracy, ece, nll, brier } = await perform({ ...given, seed });
      return { accuracy, ece, nll, brier };
    };
    const first = await figures(0);
    expect(await figures(0)).toEqual(first);
    expect(await figures(1)).not.toEqual(first);
  });

  it('goes on with an interrupted run as if it had not been interrupted, and logs each epoch once', async () => {
    const whole = await perform({ seed: 5, epochs: 4 });
    const dir = checkpointDir();
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === 'batch' && event.epoch === 2) controller.abort(new Stopped('SIGTERM'));
    };
    const given = { seed: 5, epochs: 4, resume: true, run_name: 'interrupted' };
    const stopped = perform(given, { checkpointDir: dir, signal: controller.signal, onEvent });
    await expect(stopped).rejects.toThrow('stopped by SIGTERM');
    const killed = await runNamed('interrupted');
    expect(killed.info.status).toBe('KILLED');
    expect(killed.info.end_time).toBeGreaterThan(0);

    const resumed = await perform(given, { checkpointDir: dir });
    expect(resumed.run_id).toBe(killed.info.run_id);
    const { accuracy, ece, nll, brier } = whole;
    expect(resumed).toMatchObject({ accuracy, ece, nll, brier });
    expect((await client.getRun(resumed.run_id)).info.status).toBe('FINISHED');
    const steps = (await client.getMetricHistory(resumed.run_id, 'val_loss')).map(({ step }) => step);
    expect(steps).toEqual([0, 1, 2, 3]);
    expect(existsSync(dir)).toBe(false);
  });

  it('tells what it learns from disturbed labels, as well after an interruption', async () => {
    const given: GivenParameters = {
      loss_name: 'data_ambiguation',
      alpha: 0.05,
      label_noise: 0.4,
      noise: 'pairflip',
      seed: 3,
      epochs: 4,
      resume: true,
    };
    const whole = await perform({ ...given, run_name: 'disturbed' });
    expect(whole.changed_labels).toBeGreaterThan(0.3);
    expect(whole.changed_labels).toBeLessThan(0.5);
    expect(whole.changed_labels_found).toBeGreaterThan(whole.changed_labels!);

    const dir = checkpointDir();
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === 'batch' && event.epoch === 2) controller.abort(new Stopped('SIGTERM'));
    };
    const stopped = perform(given, { checkpointDir: dir, signal: controller.signal, onEvent });
    await expect(stopped).rejects.toThrow('stopped by SIGTERM');
    const resumed = await perform(given, { checkpointDir: dir });
    for (const name of ['loss', 'clean_accuracy', 'disturbed_accuracy', 'memorised']) {
      const [first, second] = await Promise.all(
        [whole, resumed].map(({ run_id }) => client.getMetricHistory(run_id, name)),
      );
      const figures = (history: typeof first) => history!.map(({ step, value }) => ({ step, value }));
      expect(figures(first)).toHaveLength(4);
      expect(figures(second)).toEqual(figures(first));
    }
    const { data } = await client.getRun(whole.run_id);
    expect(byKey(data.params)).toMatchObject({ label_noise: '0.4', noise: 'pairflip', beta_start: '0.75' });
    const metrics = byKey(data.metrics);
    expect(metrics).toMatchObject({
      changed_labels: whole.changed_labels,
      changed_labels_found: whole.changed_labels_found,
    });
    expect(metrics['clean_accuracy']).toBeGreaterThan(metrics['memorised'] as number);
    const file = await client.downloadArtifacts(whole.run_id, 'suspicious_labels.csv', folder);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1 + whole.split.train.size);
  });

  it('learns from sets of candidate classes', async () => {
    const { labels } = await loadDataset('mnist', { dataDir: join(folder, 'data') });
    const rows = Array.from(labels, (label, i) =>
      Array.from({ length: 10 }, (_, k) => Number(k === label || k === i % 10)),
    );
    const file = join(folder, 'candidates.csv');
    writeFileSync(file, rows.join('\n'));
    const { accuracy, changed_labels } = await perform({ loss_name: 'credal', alpha: 0, labels: file });
    expect(accuracy).toBeGreaterThan(0.6);
    expect(changed_labels).toBeNull();
  });

  it('ends as FAILED, with the reason, when the loss is no longer a number', async () => {
    const failing = perform({ initial_lr: 1e30, run_name: 'diverged' });
    await expect(failing).rejects.toThrow(/loss became .* lower the learning rate/u);
    const { info, data } = await runNamed('diverged');
    expect(info.status).toBe('FAILED');
    expect(info.end_time).toBeGreaterThan(0);
    expect(byKey(data.tags)['error']).toMatch(/loss became/u);
  });

  it('logs the last epoch even where autolog_freq would leave it out', async () => {
    const { run_id } = await perform({ epochs: 3, autolog_freq: 2 });
    const steps = (await client.getMetricHistory(run_id, 'loss')).map(({ step }) => step);
    expect(steps).toEqual([1, 2]);
  });

  it('trains with no server at all, and is tracked later', async () => {
    const offline = await perform({ offline: true, epochs: 1, run_name: 'offline' });
    expect(offline.run_id).toMatch(/^local-/u);
    const report = await syncJournal({ trackingUri: server.uri });
    expect(report).toMatchObject({ waiting: 0, runs: [{ outcome: 'sent' }] });
    expect((await runNamed('offline')).info.status).toBe('FINISHED');
  });

  it('trains nothing where the server cannot be reached', async () => {
    const events: RunEvent[] = [];
    const unreachable = perform(
      { tracking_uri: 'http://127.0.0.1:1' },
      { onEvent: (event) => events.push(event) },
    );
    await expect(unreachable).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached/u);
    expect(events.filter(({ type }) => type === 'batch')).toEqual([]);
  });
});

describe('planRun', () => {
  it('resolves, loads and splits, and asks no server', async () => {
    const plan = await planRun(parametersOf({ tracking_uri: 'http://127.0.0.1:1', seed: 3 }));
    expect(plan).toMatchObject({
      scored: 'validation',
      parameters: 1_863_690,
      split: { train: { size: 450 }, validation: { size: 150 }, test: { size: 100 } },
      configuration: { initial_lr: 0.05, seed: 3 },
    });
    expect(plan.configuration).not.toHaveProperty('parallel');
  });
});
