import type { GivenParameters } from '@label-relaxation/experiments';
import { finalParameters, finalRunWarnings, resolveStudy, trialParameters } from './study';

const dense: GivenParameters = { model_name: 'simple_dense', dataset_name: 'mnist', load_ext_params: true };

describe('resolveStudy', () => {
  it.each([
    ['label_relaxation', [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4]],
    ['cross_entropy', [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4]],
    ['focal', [0.1, 0.2, 0.5, 1, 2, 3.5, 5]],
    ['confidence_penalty', [0.1, 0.3, 0.5, 1, 2, 4, 8]],
    ['brier', [0]],
  ] as const)('tries the grid of %s', (loss_name, alphas) => {
    expect(resolveStudy({ ...dense, loss_name }).alphas).toEqual(alphas);
  });

  it('refuses an alpha outside the range of the loss', () => {
    const given: GivenParameters = { ...dense, alphas: [0.5, 2] };
    expect(() => resolveStudy({ ...given, loss_name: 'label_relaxation' })).toThrow(
      '--alphas 2 is out of range',
    );
    expect(resolveStudy({ ...given, loss_name: 'focal' }).alphas).toEqual([0.5, 2]);
  });

  it('has the same key for the same results, however they are reached', () => {
    const { key } = resolveStudy(dense);
    expect(
      resolveStudy({ ...dense, parallel: 2, json: true, threads: 1, autolog_freq: 5, run_name: 'x' }).key,
    ).toBe(key);
    expect(resolveStudy({ ...dense, alphas: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4] }).key).toBe(key);
  });

  it.each([
    { seed: 1 },
    { epochs: 3 },
    { alphas: [0.1] },
    { optimize_ece: true },
    { select: 'refinement' },
    { data_dir: '/data' },
    { loss_name: 'cross_entropy' },
    { dataset_name: 'fashion_mnist' },
    { precision: 'bfloat16' },
  ] as GivenParameters[])('has another key with %j', (change) => {
    expect(resolveStudy({ ...dense, ...change }).key).not.toBe(resolveStudy(dense).key);
  });
});

describe('the runs of a study', () => {
  const study = resolveStudy({ ...dense, reduce_on_plateau: true, model_checkpoints: true });

  it('score trials on validation data and the final run on the test part', () => {
    expect(trialParameters(study, 0.2)).toMatchObject({
      alpha: 0.2,
      test_run: false,
      reduce_on_plateau: true,
    });
    expect(finalParameters(study, 0.2)).toMatchObject({ alpha: 0.2, test_run: true, epochs: 25 });
  });

  it('leave out of the final run what needs validation data, and say so once', () => {
    expect(finalParameters(study, 0.2)).toMatchObject({ reduce_on_plateau: false, model_checkpoints: false });
    expect(finalRunWarnings([study, study])).toEqual([
      'final runs have no validation data and go without --reduce_on_plateau',
      'final runs have no validation data and go without --model_checkpoints',
    ]);
    expect(finalRunWarnings([resolveStudy(dense)])).toEqual([]);
  });
});
