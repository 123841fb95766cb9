import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.cjs';
import { projectGraph, type Project, type ProjectGraph } from './project-graph';
import { nx } from './workspace-copy';

jest.setTimeout(600_000);

let graph: ProjectGraph;
beforeAll(async () => (graph = await projectGraph()));

const testOf = (project: Project) => project.targets['test'] ?? { executor: '' };
const named = (project: Project) =>
  (testOf(project).inputs ?? []).filter((input) => typeof input === 'string');

/** All that a project's files of one kind hold, as one text. */
function textOf({ root: folder }: Project, ending = '.ts'): string {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith(ending) && !/(^|\/)(dist|out-tsc|node_modules|files)\//.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');
}

/** Every project that a project needs, by way of others too. */
function needsOf(name: string, found = new Set<string>()): Set<string> {
  for (const { target } of graph.dependencies(name)) {
    if (found.has(target) || !graph.projects.has(target)) continue;
    found.add(target);
    needsOf(target, found);
  }
  return found;
}

describe('every lib, app and tool', () => {
  it('can be built, type-checked, linted and tested', () => {
    for (const folder of ['libs', 'apps', 'tools'].flatMap((group) =>
      readdirSync(join(root, group)).map((name) => `${group}/${name}`),
    )) {
      if (folder === 'tools/fixtures' || folder.endsWith('.json')) continue;
      const project = [...graph.projects.values()].find((one) => one.root === folder);
      const commands = ['build', 'typecheck', 'lint', 'test'].map((name) => project?.targets[name]);
      expect([folder, commands]).toEqual([
        folder,
        Array(4).fill(expect.objectContaining({ executor: 'nx:run-commands', cache: true })),
      ]);
    }
  });

  it('depends on what its package.json says, and on no other lib', () => {
    for (const [name, project] of graph.projects) {
      if (!/^(libs|apps)\/[^/]+$/.test(project.root)) continue;
      const { dependencies = {} } = JSON.parse(
        readFileSync(join(root, project.root, 'package.json'), 'utf8'),
      );
      const declared = Object.keys(dependencies).filter((one) => one.startsWith('@label-relaxation/'));
      const imported = graph
        .dependencies(name)
        .filter(({ target }) => /^libs\/[^/]+$/.test(graph.projects.get(target)?.root ?? ''))
        .map(({ target }) => `@label-relaxation/${target}`);
      expect([name, [...new Set(imported)].sort()]).toEqual([name, declared.sort()]);
    }
  });
});

describe('the inputs of a test', () => {
  const services = {
    mlflow: 'startMlflowServer(',
    redis: 'startRedisServer(',
    chromium: 'chromiumPath()',
    python: 'pythonWithTensorFlow()',
  };

  it('hold the server and the programs that its specs run', () => {
    for (const [name, project] of graph.projects) {
      if (name === 'workspace') continue;
      const text = textOf(project, '.spec.ts');
      for (const [input, call] of Object.entries(services)) {
        if (text.includes(call))
          expect([name, named(project)]).toEqual([name, expect.arrayContaining([input])]);
      }
    }
  });

  it('hold TensorFlow where the project needs the runtime', () => {
    for (const [name, project] of graph.projects) {
      if (!project.targets['test'] || (name !== 'runtime' && !needsOf(name).has('runtime'))) continue;
      expect([name, named(project)]).toEqual([name, expect.arrayContaining(['tensorflow'])]);
    }
  });

  it('hold the fixtures that its files name', () => {
    for (const [name, project] of graph.projects) {
      if (name === 'workspace') continue;
      for (const [, folder] of textOf(project).matchAll(/tools\/fixtures[/', ]+([a-z-]+)/g)) {
        const pattern = `{workspaceRoot}/tools/fixtures/${folder}/*.json`;
        expect([name, named(project)]).toEqual([name, expect.arrayContaining([pattern])]);
      }
    }
  });

  it('come with the set-up that they ask about', () => {
    for (const [name, project] of graph.projects) {
      if (!named(project).some((input) => input === 'tensorflow' || input === 'mlflow')) continue;
      expect([name, testOf(project).dependsOn]).toEqual([name, expect.arrayContaining(['setup:run'])]);
    }
  });
});

describe('affected by a change', () => {
  const affected = async (file: string) =>
    (await nx(['show', 'projects', '--affected', `--files=${file}`])).text.trim().split('\n').sort();

  it('in losses are losses and what depends on it, and nothing else', async () => {
    const dependants = [...graph.projects.keys()].filter((name) => needsOf(name).has('losses'));
    expect(dependants).toEqual(expect.arrayContaining(['experiments', 'study', 'study-ho']));
    for (const other of ['data', 'metrics', 'models', 'runtime', 'tracking', 'training', 'setup', 'testing'])
      expect(dependants).not.toContain(other);
    expect(await affected('libs/losses/src/index.ts')).toEqual([...dependants, 'losses'].sort());
  });

  it('in a fixture are those whose tests read it, and what depends on them', async () => {
    const readers = ['experiments', 'models'];
    const dependants = [...graph.projects.keys()].filter((name) =>
      readers.some((reader) => name === reader || needsOf(name).has(reader)),
    );
    expect(await affected('tools/fixtures/models/vgg.json')).toEqual(dependants.sort());
  });
});
