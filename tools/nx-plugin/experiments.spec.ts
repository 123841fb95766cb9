import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { losses } from '@label-relaxation/losses/declarations';
import { networks } from '@label-relaxation/models/declarations';
import { experimentTargets, lossesOf } from './experiments.cjs';

const root = resolve(__dirname, '../..');
const files = readdirSync(join(root, 'misc')).filter((name) => name.startsWith('hyperparams_'));
const setsOf = (name: string) => JSON.parse(readFileSync(join(root, 'misc', name), 'utf8')) as object;

describe('experimentTargets', () => {
  it.each(files)('has a target for each key of %s', (name) => {
    const [loss = ''] = lossesOf(name, files);
    const sets = setsOf(name) as Record<string, unknown>;
    const targets = experimentTargets('study', `misc/${name}`, loss, sets);
    expect(Object.keys(targets).sort()).toEqual(
      [
        'densenet-cifar10',
        'densenet-cifar100',
        'resnet-cifar10',
        'resnet-cifar100',
        'simple_dense-fashion_mnist',
        'simple_dense-mnist',
        'vgg-cifar10',
        'vgg-cifar100',
      ].map((experiment) => `${experiment}-${loss}`),
    );
  });

  it("has each loss once, with label relaxation's hyper-parameters where it has no file", () => {
    const names = files.flatMap((name) => lossesOf(name, files));
    expect(names.sort()).toEqual(losses.map(({ short }) => short).sort());
    expect(lossesOf('misc/hyperparams_lr.json', ['misc/hyperparams_lr.json'])).toHaveLength(losses.length);
  });

  it('depends on the hyper-parameters that it uses alone, and is never cached', () => {
    const targets = experimentTargets('study-ho', 'misc/hyperparams_ce.json', 'ce', {
      ResNet56V2_cifar10: {},
      VGG16_cifar10: {},
    });
    expect(targets['resnet-cifar10-ce']).toMatchObject({
      options: {
        app: 'study-ho',
        flags: [
          '--model_name',
          'resnet',
          '--dataset_name',
          'cifar10',
          '--loss_name',
          'ce',
          '--load_ext_params',
        ],
      },
      inputs: [
        'production',
        '^production',
        { json: '{workspaceRoot}/misc/hyperparams_ce.json', fields: ['ResNet56V2_cifar10'] },
      ],
      cache: false,
    });
  });

  it('refuses what names no network of ours', () => {
    const types = networks.map(({ type }) => type).join(', ');
    expect(() =>
      experimentTargets('study', 'misc/hyperparams_lr.json', 'lr', { Nonesuch_mnist: {} }),
    ).toThrow(
      `misc/hyperparams_lr.json has the key "Nonesuch_mnist": <Model>_<dataset> is expected, the model one of ${types}`,
    );
    expect(() => lossesOf('misc/other.json', files)).toThrow('misc/other.json names no loss');
  });
});
