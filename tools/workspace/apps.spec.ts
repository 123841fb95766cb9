import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';
import { Terminal } from '../test/terminal';
import { projectGraph, type Project } from './project-graph';
import { nx } from './workspace-copy';

jest.setTimeout(600_000);

/** Runs a target in this workspace, with a tracking server that isn't there, and gives what it prints. */
async function run(...words: string[]): Promise<string> {
  const { code, text } = await nx(['run', ...words], { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' });
  if (code !== 0) throw Object.assign(new Error(text), { code });
  return text;
}

/** The JSON object on a line of its own. */
function planIn(printed: string): unknown {
  const line = printed.split('\n').find((one) => one.startsWith('{')) ?? '';
  return JSON.parse(line);
}

describe('the targets of the apps', () => {
  let projects: ReadonlyMap<string, Project>;
  beforeAll(async () => ({ projects } = await projectGraph()));

  it.each(['study', 'study-ho'])('are the experiments of %s, in a group for each loss', (app) => {
    const { targets, metadata } = projects.get(app)!;
    for (const loss of ['lr', 'ce', 'focal', 'conf_pen']) {
      const experiments = Object.keys(targets).filter((target) => target.endsWith(`-${loss}`));
      expect(experiments).toHaveLength(8);
      expect(metadata.targetGroups?.[`Experiments with ${loss}`]).toEqual(experiments);
    }
  });

  it("are listed in a terminal by the README's command, which ends", async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [command = ''] = /^npx nx show project study[^#\n]*/mu.exec(readme) ?? [];
    const terminal = new Terminal(command.trim().split(' '), { NX_DAEMON: 'false', NX_NO_CLOUD: 'true' });
    await terminal.shows(/simple_dense-mnist-lr/u);
    expect(await terminal.ends()).toBe(0);
  }, 180_000);

  it('are twins of the npm scripts', () => {
    const options = (app: string, target: string) => projects.get(app)?.targets[target];
    for (const app of ['study', 'study-ho', 'report'])
      expect(options(app, 'run')).toMatchObject({ options: { app, flags: [] }, cache: false });
    for (const [target, app] of [
      ['run', 'inspect'],
      ['demo', 'demo'],
    ] as const)
      expect(options('inspect', target)).toMatchObject({ options: { app, flags: [] }, continuous: true });
    expect(options('study-ho', 'worker')).toMatchObject({ options: { flags: ['worker'] }, continuous: true });
    expect(options('mlflow', 'serve')).toMatchObject({ continuous: true, dependsOn: ['setup:run'] });
  });
});

describe('nx run', () => {
  it('performs an experiment with the flags after its target', async () => {
    const own = ['--dry_run', '--seed=3', '--epochs', '2', '--run_name=007', '--json'];
    expect(planIn(await run('study:simple_dense-mnist-ce', ...own))).toMatchObject({
      ...{ model_name: 'simple_dense', dataset_name: 'mnist', loss_name: 'cross_entropy', scored: 'test' },
      configuration: { seed: 3, epochs: 2, run_name: '007', initial_lr: 0.05, alpha: 0 },
    });
  });

  it('performs an app with its flags alone, those that Nx has itself after --', async () => {
    const search = ['--model_name', 'simple_dense', '--dataset_name=mnist', '--loss_name', 'focal'];
    const plan = planIn(await run('study-ho:run', '--', ...search, '--parallel', '3', '--dry_run', '--json'));
    expect(plan).toMatchObject({ parallel: 3, alphas: [0.1, 0.2, 0.5, 1, 2, 3.5, 5] });
  });

  it("shows the executor's help in words, and hands --help on after --", async () => {
    const words = await run('study:simple_dense-mnist-lr', '--help');
    expect(words).toContain('Runs an app as its npm script does');
    expect(words).not.toMatch(/undefined|--app/);
    expect(await run('report:run', '--', '--help')).toContain('npm run report -- [flags]');
  });

  it('fails with an experiment that fails', async () => {
    await expect(run('study:simple_dense-mnist-lr', '--sed=3')).rejects.toMatchObject({
      code: 1,
      message: expect.stringContaining('did you mean --seed?'),
    });
  });
});

it('nx run-many performs several experiments', async () => {
  const targets = ['simple_dense-mnist-lr', 'simple_dense-mnist-ce'];
  const words = ['run-many', '-p', 'study', '-t', ...targets, '--dry_run=true'];
  expect((await nx(words)).text).toContain(
    'Successfully ran targets simple_dense-mnist-lr, simple_dense-mnist-ce',
  );
});
