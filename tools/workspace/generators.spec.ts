import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FsTree } from 'nx/src/devkit-internals';
import app from '../nx-plugin/generators/app/generator.cjs';
import library from '../nx-plugin/generators/library/generator.cjs';
import loss from '../nx-plugin/generators/loss/generator.cjs';
import network from '../nx-plugin/generators/network/generator.cjs';
import { root } from '../setup/paths.cjs';
import { isLong } from '../test/long';
import { writeSmallSet } from '../test/small-set';
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy';

jest.setTimeout(600_000);

describe('what the generators make', () => {
  let copy: WorkspaceCopy;
  const written: string[] = [];
  const projects = ['my-study', 'my-library', 'losses', 'models'];

  const nx = async (...words: string[]) => {
    const { code, text } = await copy.nx(words);
    if (code !== 0) throw new Error(text);
    return text;
  };
  const run = (...words: string[]) =>
    nx(
      'run-many',
      '--outputStyle=static',
      '-p',
      projects.join(),
      '--exclude-task-dependencies',
      '-t',
      ...words,
    );
  const textOf = (file: string) => readFileSync(join(copy.folder, file), 'utf8');

  beforeAll(async () => {
    copy = copyWorkspace();
    for (const words of [
      ['app', 'my-study', '--skipInstall'],
      ['library', 'my-library', '--browser', '--skipInstall'],
      ['loss', 'my-loss'],
      ['network', 'my_network'],
    ]) {
      const text = await nx('generate', `./tools/nx-plugin:${words[0]}`, ...words.slice(1));
      written.push(...[...text.matchAll(/^(?:CREATE|UPDATE) (.*)$/gmu)].map(([, file]) => file!));
    }
  });
  afterAll(() => copy?.remove());

  it('passes lint, and in the long tests the type-check, untouched, and is in form and in sync', async () => {
    if (isLong) {
      expect(await run('lint')).toContain('Successfully ran target lint for 4 projects');
      // One after the other: each makes the types of what it needs.
      expect(await run('typecheck', '--parallel=1')).toContain('target typecheck for 4');
    } else copy.lint(written);
    expect(written.length).toBeGreaterThan(25);
    await nx('format:check', `--files=${written.join()}`);
    await nx('sync:check');
  });

  it('passes its tests untouched, those of every loss and every network among them', async () => {
    const chosen = [
      '--testPathPatterns=my-|study|/loss.spec|/model.spec|/registry.spec',
      '--testNamePattern=my_|has a name|learns|one line for each',
    ];
    const text = await run('test', ...chosen);
    expect(text).toContain('Successfully ran target test for 4 projects');
    for (const [project, file] of [
      ['my-study', 'study'],
      ['my-library', 'my-library'],
      ['losses', 'my-loss'],
      ['losses', 'loss'],
      ['losses', 'registry'],
      ['models', 'my-network'],
      ['models', 'model'],
    ])
      expect(text).toMatch(new RegExp(`PASS +${project} .*\\b${file}\\.spec\\.ts`, 'u'));
  });

  it('is an app that trains, tracks and reports', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'label-relaxation-own-'));
    try {
      writeSmallSet(join(folder, 'mnist'));
      const flags = ['--offline', '--loss_name', 'my_loss', '--alpha=2', '--epochs=2'];
      const text = await nx('run', '--outputStyle=static', 'my-study:run', ...flags, `--data_dir=${folder}`);
      expect(Number(/accuracy ([\d.]+), ECE [\d.]+/u.exec(text)?.[1])).toBeGreaterThan(0.5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is the app that docs/own-app.md shows', () => {
    const page = readFileSync(join(root, 'docs/own-app.md'), 'utf8');
    const shown = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gmu)].map(([, code]) => code);
    expect(shown).toEqual(['study.ts', 'main.ts'].map((file) => textOf(`apps/my-study/src/${file}`)));
  });
});

const generators = { app, library, loss, network };

it.each([
  ['app', 'study', '"study" is taken by apps/study: choose another name'],
  ['app', 'metrics', '"metrics" is taken by libs/metrics: choose another name'],
  ['app', 'start', '"start" is taken by npm run start: choose another name'],
  ['app', '../mine', '"../mine" is no valid name: take small letters, digits and hyphens, such as my-app'],
  ['library', 'testing', '"testing" is taken by tools/test: choose another name'],
  ['library', 'class', '"class" is no valid name: '],
  ['loss', 'LR', '"LR" is no valid name: take small letters, digits and hyphens, such as my-loss'],
  ['loss', 'lr', '"lr" is taken by label_relaxation in libs/losses/src/registry.ts: choose another name'],
  [
    'network',
    'simple-dense',
    '"simple-dense" is taken by simpleDense in libs/models/src/registry.ts: choose another name',
  ],
  ['network', 'vgg16', '"vgg16" is taken by vgg in libs/models/src/registry.ts: choose another name'],
] as const)('the generator of %s refuses the name %s, and writes nothing', async (kind, name, message) => {
  const tree = new FsTree(root, false);
  await expect((async () => generators[kind](tree, { name }))()).rejects.toThrow(message);
  expect(tree.listChanges()).toEqual([]);
});
