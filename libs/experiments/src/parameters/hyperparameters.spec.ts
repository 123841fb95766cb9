import { calibrationMethods } from '@label-relaxation/calibration';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { losses } from '@label-relaxation/losses/declarations';
import { checkAlpha, readHyperparameters, resolveParameters } from './hyperparameters';
import { modelTypes } from './names';
import type { GivenParameters, Parameters } from './parameters';
import { parameterTable } from './parameters';
import { runKey } from '../tracking/checkpoint-place';
import { runParams } from '../tracking/tracked-run';

const dense = { model_name: 'simple_dense', dataset_name: 'mnist', loss_name: 'label_relaxation' } as const;

describe('readHyperparameters', () => {
  it.each(losses.map(({ name }) => name))("has the paper's values for %s", (loss_name) => {
    expect(readHyperparameters({ ...dense, loss_name })).toEqual({
      initial_lr: 0.05,
      steps: [25, 40],
      lr_sched_multipler: 0.3162,
      epochs: 25,
      batch_size: 64,
      decay: 1e-5,
      data_augmentation: false,
    });
    for (const model_name of Object.keys(modelTypes) as Parameters['model_name'][]) {
      for (const dataset_name of ['cifar10', 'cifar100'] as const) {
        if (model_name === 'simple_dense') continue;
        const read = readHyperparameters({ model_name, dataset_name, loss_name });
        expect(read).toMatchObject({ batch_size: 64, decay: 1e-5, data_augmentation: true });
      }
    }
  });

  it('names the keys that there are when one is missing', () => {
    expect(() => readHyperparameters({ ...dense, dataset_name: 'cifar10' })).toThrow(
      /has no hyper-parameters for simple_dense_cifar10: it has ResNet56V2_cifar10, /u,
    );
  });

  describe('from a file of the user', () => {
    let dir: string;
    beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'hyperparameters-'))));
    afterEach(() => rmSync(dir, { recursive: true }));
    const write = (text: string) => writeFileSync(join(dir, 'hyperparams_lr.json'), text);

    it.each([
      [
        '{"simple_dense_mnist": {"epochs": "many"}}',
        /simple_dense_mnist: epochs takes a whole number .*"many"/u,
      ],
      ['{"simple_dense_mnist": {"epoch": 3}}', /unknown key "epoch"/u],
      ['{', /cannot read hyper-parameters from .*hyperparams_lr\.json/u],
    ])('refuses %s', (text, message) => {
      write(text);
      expect(() => readHyperparameters(dense, dir)).toThrow(message);
    });

    it('takes a stored alpha, which a given one beats', () => {
      write('{"simple_dense_mnist": {"alpha": 0.3}}');
      const given: GivenParameters = { ...dense, load_ext_params: true };
      expect(resolveParameters(given, dir).parameters.alpha).toBe(0.3);
      expect(resolveParameters({ ...given, alpha: 0.2 }, dir).parameters.alpha).toBe(0.2);
    });
  });
});

describe('resolveParameters', () => {
  it('lets a given flag beat the file, and the file the default', () => {
    const { parameters } = resolveParameters({ ...dense, load_ext_params: true, epochs: 2, alpha: 0.1 });
    expect(parameters).toMatchObject({ epochs: 2, initial_lr: 0.05, warmup: 0, seed: 0 });
  });

  it("has the original's defaults", () => {
    const { parameters, warnings } = resolveParameters({});
    expect(parameters).toMatchObject({
      model_name: 'vgg',
      loss_name: 'label_relaxation',
      dataset_name: 'cifar100',
      alpha: 0,
      epochs: 200,
      batch_size: 64,
      initial_lr: 1e-3,
      steps: [80, 120, 160, 180],
      data_augmentation: true,
      subtract_pixel_mean: true,
    });
    expect(warnings).toEqual([expect.stringContaining('label relaxation with alpha 0 is cross-entropy')]);
  });

  it.each([
    ['label_relaxation', 0.1],
    ['cross_entropy', 0],
    ['focal', 2],
    ['confidence_penalty', 0.1],
    ['data_ambiguation', 0.05],
    ['brier', 0],
  ] as const)('takes for %s the example alpha %d, unless alpha is given', (loss_name, alpha) => {
    const given = { ...dense, loss_name, paper_alpha: true };
    expect(resolveParameters(given).parameters.alpha).toBe(alpha);
    if (loss_name !== 'brier') {
      expect(resolveParameters({ ...given, alpha: 0.5 }).parameters.alpha).toBe(0.5);
    }
  });

  it.each([
    [{ ...dense, model_name: 'vgg' }, /vgg needs images of at least 32x32 pixels and mnist has 28x28/u],
    [{ ...dense, model_name: 'resnet', dataset_name: 'fashion_mnist' }, /resnet needs images/u],
    [{ ...dense, test_run: true, reduce_on_plateau: true }, /--reduce_on_plateau needs validation data/u],
    [{ ...dense, test_run: true, model_checkpoints: true }, /--model_checkpoints needs validation data/u],
    [{ ...dense, alpha: 1 }, /--alpha 1 is out of range: label_relaxation takes a value in \[0, 1\)/u],
    [{ ...dense, loss_name: 'brier', alpha: 1 }, /--alpha 1 is out of range: brier has no parameter alpha/u],
  ] as [GivenParameters, RegExp][])('refuses %j', (given, message) => {
    expect(() => resolveParameters(given)).toThrow(message);
  });
});

describe("a loss's further parameters", () => {
  const ambiguation = { ...dense, loss_name: 'data_ambiguation', alpha: 0.05 } as const;

  it('are given or the defaults, and null for any other loss', () => {
    expect(resolveParameters({ ...ambiguation, beta_start: 0.8 }).parameters).toMatchObject({
      beta_start: 0.8,
      beta_end: 0.6,
      margin: null,
    });
    expect(resolveParameters({ ...dense, margin: null }).parameters.beta_start).toBeNull();
  });

  it('are refused for a loss that has not got them', () => {
    expect(() => resolveParameters({ ...dense, beta_end: 0.5 })).toThrow(
      '--beta_end is no parameter of label_relaxation: leave it out',
    );
  });

  it('are params of the run and part of its key where the loss has them, and nowhere else', () => {
    const { parameters } = resolveParameters(ambiguation);
    expect(runParams(parameters)).toMatchObject({ loss_type: 'DataAmbiguation', beta_start: '0.75' });
    expect(runKey(parameters)).not.toBe(runKey({ ...parameters, beta_start: 0.7 }));
    expect(runParams(resolveParameters(dense).parameters)).not.toHaveProperty('beta_start');
  });
});

describe('checkAlpha', () => {
  it('takes every value of the grids', () => {
    for (const { name, alpha } of losses) {
      for (const value of alpha?.grid ?? []) checkAlpha(name, value);
    }
  });

  it('refuses NaN for any loss', () => {
    for (const { name } of losses) expect(() => checkAlpha(name, NaN)).toThrow('out of range');
  });
});

describe('two ways to say one thing', () => {
  it('--temp_scaling is --calibrate temperature', () => {
    for (const given of [{ temp_scaling: true }, { calibrate: 'temperature' }] as const) {
      const { parameters } = resolveParameters(given);
      expect(parameters).toMatchObject({ temp_scaling: true, calibrate: 'temperature' });
    }
    expect(resolveParameters({ calibrate: 'beta' }).parameters.temp_scaling).toBe(false);
    expect(() => resolveParameters({ temp_scaling: true, calibrate: 'beta' })).toThrow(
      '--temp_scaling means --calibrate temperature, not beta: leave out one of them',
    );
  });

  it('--optimize_ece is --select ece', () => {
    for (const given of [{ optimize_ece: true }, { select: 'ece' }] as const) {
      expect(resolveParameters(given).parameters).toMatchObject({ optimize_ece: true, select: 'ece' });
    }
    expect(resolveParameters({}).parameters).toMatchObject({ optimize_ece: false, select: 'accuracy' });
    expect(() => resolveParameters({ optimize_ece: true, select: 'nll' })).toThrow(
      /means --select ece, not nll/,
    );
  });
});

describe('the parameter table', () => {
  it('calibrates by every method that there is, by none and by the best', () => {
    expect(parameterTable.calibrate.takes).toBe(
      `one of ${['none', ...calibrationMethods, 'best'].join(', ')}`,
    );
  });

  it('has defaults that its own checks take', () => {
    for (const [name, flag] of Object.entries(parameterTable)) {
      if (flag.default === null) continue;
      const text = String(flag.default);
      expect(flag.parse(text, name)).toEqual(flag.default);
    }
  });
});
