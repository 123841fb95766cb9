import { divergedRuns, exampleRuns, studyRun } from '../test/study-runs';
import type { StudyRun } from './runs';
import { makeTable } from './table';

describe('makeTable', () => {
  const { blocks } = makeTable(exampleRuns(), 'test', null);
  const rows = blocks[0]!.rows;

  it('has a row a loss with its setting, in the order of the paper', () => {
    expect(blocks).toHaveLength(1);
    expect(rows.map(({ label }) => label)).toEqual([
      'Cross-entropy',
      'Label smoothing, α = 0.1',
      'Label relaxation, α = 0.1',
      'Label relaxation, α by accuracy',
    ]);
  });

  it('gives mean and sample standard deviation over seeds', () => {
    const { accuracy, ece } = rows[2]!.scores;
    expect(accuracy!.mean).toBeCloseTo(0.98285, 12);
    expect(accuracy!.deviation).toBeCloseTo(0.0012895, 6);
    expect(ece!.mean).toBeCloseTo(0.002975, 12);
    expect(rows[1]!.scores.accuracy).toMatchObject({ mean: 0.9877, deviation: null });
  });

  it('marks the best mean of each column: highest accuracy, lowest error', () => {
    expect(rows.map(({ scores }) => scores.accuracy!.best)).toEqual([false, true, false, false]);
    expect(rows.map(({ scores }) => scores.ece!.best)).toEqual([false, false, true, false]);
    expect(rows.map(({ scores }) => scores.nll!.best)).toEqual([true, true, true, true]);
  });

  it('shows missing seeds as missing', () => {
    expect(rows.map(({ missing }) => missing)).toEqual([[], [1, 2, 42], [], [1, 2, 42]]);
    const asked = makeTable([studyRun({ seed: 1 })], 'test', [0, 1, 2]);
    expect(asked.blocks[0]!.rows[0]!.missing).toEqual([0, 2]);
  });

  it('counts the newest of several runs with the same settings and seed', () => {
    const old = studyRun({ accuracy: 0.5 });
    const recent = studyRun({ accuracy: 0.9 });
    const { blocks, superseded } = makeTable([recent, old], 'test', null);
    expect(superseded).toBe(1);
    expect(blocks[0]!.rows[0]!.scores.accuracy!.mean).toBe(0.9);
  });

  it('keeps runs of different length apart, and names the epochs then', () => {
    const { blocks } = makeTable(
      [studyRun({ settings: { epochs: '1' } }), studyRun({ settings: { epochs: '25' } })],
      'test',
      null,
    );
    expect(blocks[0]!.rows.map(({ label }) => label)).toEqual([
      'Label relaxation, α = 0.1, 1 epoch',
      'Label relaxation, α = 0.1, 25 epochs',
    ]);
  });

  it('keeps any other settings apart, and names those that differ only', () => {
    const settings = { epochs: '25', batch_size: '64', precision: 'float32' };
    const runs = [
      studyRun({ settings }),
      studyRun({ settings: { ...settings, batch_size: '32' } }),
      studyRun({ loss: 'focal', settings: { ...settings, precision: 'bfloat16' } }),
    ];
    expect(makeTable(runs, 'test', null).blocks[0]!.rows.map(({ label }) => label)).toEqual([
      'Focal loss, γ = 0.1, batch size 64, precision bfloat16',
      'Label relaxation, α = 0.1, batch size 64, precision float32',
      'Label relaxation, α = 0.1, batch size 32, precision float32',
    ]);
  });

  it("names a search's values where searches of one loss had different ones", () => {
    const search = (loss: 'focal' | 'label_relaxation', alphas: string) =>
      studyRun({ loss, chosenBy: 'accuracy', settings: { epochs: '25', alphas } });
    const runs = [search('focal', '1,2'), search('label_relaxation', '0.1,0.2'), studyRun()];
    const labels = (all: typeof runs) =>
      makeTable(all, 'test', null).blocks[0]!.rows.map(({ label }) => label);
    expect(labels(runs)).toEqual([
      'Focal loss, γ by accuracy',
      'Label relaxation, α = 0.1',
      'Label relaxation, α by accuracy',
    ]);
    expect(labels([...runs, search('focal', '0.5')])).toContain('Focal loss, γ by accuracy, of 1, 2');
  });

  it('keeps runs with other labels apart, and runs of a loss by its further parameters', () => {
    const noise = { label_noise: '0.5', noise: 'symmetric' };
    const ambiguation = (beta_end: string) =>
      studyRun({ loss: 'data_ambiguation', settings: { ...noise, beta_start: '0.75', beta_end } });
    const labels = (...runs: StudyRun[]) =>
      makeTable(runs, 'test', null).blocks[0]!.rows.map(({ label }) => label);
    expect(labels(studyRun({ settings: {} }), studyRun({ settings: noise }))).toEqual([
      'Label relaxation, α = 0.1',
      'Label relaxation, α = 0.1, label noise 0.5, noise symmetric',
    ]);
    expect(labels(studyRun({ settings: noise }), ambiguation('0.6'))).toEqual([
      'Label relaxation, α = 0.1',
      'Data ambiguation, α = 0.1',
    ]);
    expect(labels(ambiguation('0.6'), ambiguation('0.3'))).toEqual([
      'Data ambiguation, α = 0.1, beta end 0.6',
      'Data ambiguation, α = 0.1, beta end 0.3',
    ]);
  });

  it('keeps runs with temperature scaling apart', () => {
    const { blocks } = makeTable([studyRun(), studyRun({ calibration: 'temperature' })], 'test', null);
    expect(blocks[0]!.rows[1]!.label).toBe('Label relaxation, α = 0.1, temperature');
  });

  it("leaves out a search's nested runs where the search itself counts", () => {
    const search = studyRun({ chosenBy: 'ECE' });
    const nested = studyRun({ parentRunId: search.runId });
    expect(makeTable([nested, search], 'test', null).blocks[0]!.rows).toHaveLength(1);
    expect(makeTable([nested], 'test', null).blocks[0]!.rows).toHaveLength(1);
  });

  it('takes runs of the asked part only', () => {
    expect(makeTable([studyRun({ scored: 'validation' })], 'test', null).blocks).toEqual([]);
    expect(makeTable([studyRun({ scored: 'validation' })], 'validation', null).blocks).toHaveLength(1);
  });

  it('has a block a data set and network', () => {
    const { blocks } = makeTable(
      [
        studyRun({ dataset: 'mnist' }),
        studyRun({ dataset: 'cifar10', model: 'VGG16' }),
        studyRun({ dataset: 'cifar10', model: 'DenseNetBC' }),
      ],
      'test',
      null,
    );
    expect(blocks.map(({ dataset, model }) => `${dataset} ${model}`)).toEqual([
      'cifar10 DenseNetBC',
      'cifar10 VGG16',
      'mnist simple_dense',
    ]);
  });

  it('takes means over the runs that did not diverge, which are no candidates for the best', () => {
    const [focal, relaxed] = makeTable(divergedRuns(), 'test', null).blocks[0]!.rows;
    expect(relaxed!.missing).toEqual([]);
    expect(relaxed!.scores).toMatchObject({
      accuracy: { mean: expect.closeTo(0.91, 12), runs: 3, diverged: 0, best: true },
      ece: {
        mean: expect.closeTo(0.011, 12),
        deviation: expect.closeTo(0.001 * Math.SQRT2, 12),
        runs: 2,
        diverged: 1,
        best: false,
      },
      nll: { mean: 0.01, runs: 2, diverged: 1, best: false },
      brier: { mean: null, deviation: null, runs: 0, diverged: 3, best: false },
    });
    expect(focal!.scores.ece).toMatchObject({ runs: 3, diverged: 0, best: true });
    expect(focal!.scores.nll!.best && focal!.scores.brier!.best).toBe(true);
  });

  it('has no mean of a score that one of the runs lacks', () => {
    const { blocks } = makeTable([studyRun({ nll: null }), studyRun({ seed: 1 })], 'test', null);
    expect(blocks[0]!.rows[0]!.scores.nll).toBeNull();
    expect(blocks[0]!.rows[0]!.scores.brier).not.toBeNull();
  });
});
