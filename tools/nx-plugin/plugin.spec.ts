import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { losses } from '@label-relaxation/losses/declarations';
import { experimentTargets, lossesOf } from './experiments.cjs';

const root = resolve(__dirname, '../..');
const files = readdirSync(join(root, 'misc')).filter((name) => name.startsWith('hyperparams_'));
const setsOf = (name: string) => JSON.parse(readFileSync(join(root, 'misc', name), 'utf8')) as object;

/** Runs Nx in this workspace and gives what it prints. */
async function nx(...words: string[]): Promise<string> {
  const environment = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:9',
  };
  const bin = join(root, 'node_modules', '.bin', 'nx');
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], {
    cwd: root,
    env: environment,
  });
  return stdout;
}

describe('experimentTargets', () => {
  it.each(files)('has a target for each key of %s', (name) => {
    const [loss = ''] = lossesOf(name, files);
    const sets = setsOf(name) as Record<string, unknown>;
    const targets = experimentTargets('study', `misc/${name}`, [loss], sets);
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
    const targets = experimentTargets('study-ho', 'misc/hyperparams_ce.json', ['ce'], {
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
      continuous: false,
    });
  });

  it('refuses what names no network of ours', () => {
    expect(() => experimentTargets('study', 'misc/hyperparams_lr.json', ['lr'], { LeNet_mnist: {} })).toThrow(
      /misc\/hyperparams_lr\.json has the key "LeNet_mnist"/u,
    );
    expect(() => lossesOf('misc/other.json', files)).toThrow('misc/other.json names no loss');
  });
});

describe('Nx', () => {
  jest.setTimeout(600_000);

  it.each(['study', 'study-ho'])('lists the experiments of %s', async (app) => {
    const project = JSON.parse(await nx('show', 'project', app, '--json')) as { targets: object };
    const experiments = Object.keys(project.targets).filter((target) =>
      losses.some(({ short }) => target.endsWith(`-${short}`)),
    );
    expect(experiments).toHaveLength(8 * losses.length);
  });

  it('performs an experiment with the flags after its target', async () => {
    const own = ['--dry_run', '--seed=3', '--epochs', '2', '--run_name=007', '--json'];
    const plan = planIn(await nx('run', 'study:simple_dense-mnist-ce', ...own));
    expect(plan).toMatchObject({
      ...{ model_name: 'simple_dense', dataset_name: 'mnist', loss_name: 'cross_entropy', scored: 'test' },
      configuration: { seed: 3, epochs: 2, run_name: '007', initial_lr: 0.05, alpha: 0 },
    });
  });

  it('performs several searches, and hands on flags that it has itself', async () => {
    const search = [
      'run',
      'study-ho:simple_dense-mnist-focal',
      '--',
      '--parallel',
      '3',
      '--dry_run',
      '--json',
    ];
    expect(planIn(await nx(...search))).toMatchObject({ parallel: 3, alphas: [0.1, 0.2, 0.5, 1, 2, 3.5, 5] });
    const targets = ['simple_dense-mnist-lr', 'simple_dense-mnist-ce'];
    const several = await nx('run-many', '-p', 'study', '-t', ...targets, '--dry_run=true');
    for (const target of targets) expect(several).toContain(target);
    expect(several).toContain('Successfully ran targets');
  });

  it('fails with an experiment that fails', async () => {
    const failure = nx('run', 'study:simple_dense-mnist-lr', '--sed=3');
    await expect(failure).rejects.toMatchObject({ code: 1 });
  });
});

/** The JSON object on a line of its own. */
function planIn(printed: string): unknown {
  const line = printed.split('\n').find((one) => one.startsWith('{')) ?? '';
  return JSON.parse(line);
}
