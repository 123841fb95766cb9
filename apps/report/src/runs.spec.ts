import type { RunEntity } from '@label-relaxation/tracking';
import { studyRun } from '../test/study-runs';
import { filterRuns, readStudyRun } from './runs';
import { variantLabel, variantOf } from './variant';

const params = {
  dataset_name: 'mnist',
  model_name: 'simple_dense',
  model_type: 'simple_dense',
  loss_name: 'label_relaxation',
  loss_type: 'LabelRelaxation',
  alpha: '0.1',
  seed: '3',
  epochs: '25',
  test_run: 'True',
  temp_scaling: 'False',
};
const metrics = { accuracy: 0.999, test_accuracy: 0.98, ece: 0.01, nll: 0.07, brier: 0.03 };

function entity(
  given: Record<string, string | undefined> = {},
  scores: Record<string, number | undefined> = {},
  tags: Record<string, string> = {},
): RunEntity {
  const list = <T>(values: Record<string, T | undefined>) =>
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
  return {
    info: { run_id: 'abc', experiment_id: '1', status: 'FINISHED', start_time: 5, artifact_uri: '' },
    data: {
      metrics: list({ ...metrics, ...scores }).map((metric) => ({ ...metric, timestamp: 0, step: 0 })),
      params: list({ ...params, ...given }),
      tags: list(tags),
    },
    inputs: { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: [] },
  };
}

describe('readStudyRun', () => {
  it("reads params and the scored part's metrics, not those of training", () => {
    expect(readStudyRun(entity())).toEqual({
      runId: 'abc',
      parentRunId: null,
      startTime: 5,
      dataset: 'mnist',
      model: 'simple_dense',
      loss: 'label_relaxation',
      alpha: 0.1,
      chosenBy: null,
      seed: 3,
      scored: 'test',
      calibration: null,
      settings: { epochs: '25' },
      accuracy: 0.98,
      ece: 0.01,
      nll: 0.07,
      refinement: null,
      smooth_ece: null,
      aurc: null,
      coverage: null,
      set_size: null,
      brier: 0.03,
    });
  });

  it('takes a loss of one’s own by the name of its file', () => {
    const own = { loss_name: './lib/my-loss.ts', loss_type: 'my-loss', loss_sha256: 'abcdef0123' };
    const run = readStudyRun(entity({ ...own, model_type: 'my-network', model_sha256: '98765' }));
    expect(run).toMatchObject({
      loss: 'my-loss',
      model: 'my-network',
      settings: { loss_sha256: 'abcdef0123', model_sha256: '98765' },
    });
    expect(filterRuns([run!], { seeds: null, losses: ['my-loss'], models: [], datasets: [] })).toHaveLength(
      1,
    );
    expect(readStudyRun(entity({ ...own, loss_sha256: undefined }))).toBeNull();
    expect(variantLabel(variantOf(run!), [])).toBe('my-loss, α = 0.1');
    expect(variantLabel(variantOf({ ...run!, alpha: 0 }), [])).toBe('my-loss');
  });

  it('tells test from validation by the tag, the param, or test_run in any spelling', () => {
    expect(readStudyRun(entity({ test_run: 'true' }))?.scored).toBe('test');
    expect(readStudyRun(entity({ test_run: 'False' }))?.scored).toBe('validation');
    expect(readStudyRun(entity({ test_run: undefined }))?.scored).toBe('validation');
    expect(readStudyRun(entity({ scored: 'validation' }))?.scored).toBe('validation');
    expect(readStudyRun(entity({ test_run: 'False' }, {}, { scored: 'test' }))?.scored).toBe('test');
  });

  it('takes the chosen alpha of a search, from param or metric, and what it was chosen by', () => {
    const search = { alpha: undefined, test_run: undefined };
    expect(readStudyRun(entity({ ...search, best_alpha: '0.3' }))).toMatchObject({
      alpha: 0.3,
      chosenBy: 'accuracy',
      scored: 'test',
    });
    expect(readStudyRun(entity({ ...search, optimize_ece: 'True' }, { best_alpha: 0.2 }))).toMatchObject({
      alpha: 0.2,
      chosenBy: 'ECE',
    });
    expect(readStudyRun(entity({ ...search, select: 'nll' }, { best_alpha: 0.2 }))?.chosenBy).toBe('NLL');
  });

  it('takes the alpha of a search over one value for given', () => {
    const search = { alpha: undefined, best_alpha: '0.3' };
    const one = readStudyRun(entity({ ...search, alphas: '0.3' }));
    expect(one).toMatchObject({ alpha: 0.3, chosenBy: null });
    expect(one?.settings).not.toHaveProperty('alphas');
    const two = readStudyRun(entity({ ...search, alphas: '0.1,0.3' }));
    expect(two).toMatchObject({ chosenBy: 'accuracy', settings: { alphas: '0.1,0.3' } });
  });

  it('knows what the labels were and what the loss has besides alpha', () => {
    const given = { label_noise: '0.5', noise: 'symmetric', beta_start: '0.75' };
    expect(readStudyRun(entity(given))?.settings).toEqual({ epochs: '25', ...given });
  });

  it('how it was calibrated, in the words of today and of before', () => {
    const calibration = (params: Record<string, string>) => readStudyRun(entity(params))?.calibration;
    expect(calibration({ calibrate: 'none' })).toBeNull();
    expect(calibration({ calibrate: 'smatrix' })).toBe('smatrix');
    expect(calibration({ calibrate: 'temperature', temp_scaling: 'True' })).toBe('temperature');
    expect(calibration({ temp_scaling: 'True' })).toBe('temperature');
  });

  it('a trial keeps its own alpha', () => {
    const trial = entity({ best_alpha: '0.3', test_run: 'False' }, {}, { 'mlflow.parentRunId': 'p' });
    expect(readStudyRun(trial)).toMatchObject({
      parentRunId: 'p',
      alpha: 0.1,
      chosenBy: null,
      scored: 'validation',
    });
  });

  it.each([
    ['LabelRelaxation', 'label_relaxation'],
    ['CategoricalCrossentropy', 'cross_entropy'],
    ['FocalLoss', 'focal'],
    ['ConfidencePenalty', 'confidence_penalty'],
  ])("knows the original's loss_type %s", (loss_type, loss) => {
    expect(readStudyRun(entity({ loss_name: undefined, loss_type }))?.loss).toBe(loss);
  });

  it('names networks as the paper does', () => {
    expect(readStudyRun(entity({ model_type: undefined, model_name: 'vgg' }))?.model).toBe('VGG16');
  });

  it.each<[string, RunEntity]>([
    ['no data set', entity({ dataset_name: undefined })],
    ['no loss', entity({ loss_name: undefined, loss_type: undefined })],
    ['no seed', entity({ seed: undefined })],
    ['no alpha', entity({ alpha: undefined })],
    ['no scores', entity({}, { test_accuracy: undefined })],
    ['no ECE', entity({}, { ece: undefined })],
  ])('leaves out a run with %s', (_, run) => {
    expect(readStudyRun(run)).toBeNull();
  });

  it('keeps scores that are not finite', () => {
    expect(
      readStudyRun(entity({}, { test_accuracy: NaN, ece: NaN, nll: Infinity, brier: -Infinity })),
    ).toMatchObject({
      accuracy: NaN,
      ece: NaN,
      nll: Infinity,
      brier: -Infinity,
    });
  });

  it('takes runs without NLL and Brier score', () => {
    expect(readStudyRun(entity({}, { nll: undefined, brier: undefined }))).toMatchObject({
      nll: null,
      brier: null,
    });
  });
});

describe('filterRuns', () => {
  const runs = [
    studyRun({ seed: 1 }),
    studyRun({ seed: 2, model: 'VGG16', dataset: 'cifar10' }),
    studyRun({ seed: 3, loss: 'focal' }),
  ];
  const all = { seeds: null, losses: [], models: [], datasets: [] };
  const seeds = (filter: Partial<Parameters<typeof filterRuns>[1]>) =>
    filterRuns(runs, { ...all, ...filter }).map(({ seed }) => seed);

  it('takes all without a filter, and what fits with one', () => {
    expect(seeds({})).toEqual([1, 2, 3]);
    expect(seeds({ seeds: [2, 3, 9] })).toEqual([2, 3]);
    expect(seeds({ losses: ['focal'] })).toEqual([3]);
    expect(seeds({ models: ['vgg'] })).toEqual([2]);
    expect(seeds({ models: ['vgg16'] })).toEqual([2]);
    expect(seeds({ datasets: ['mnist'] })).toEqual([1, 3]);
  });
});
