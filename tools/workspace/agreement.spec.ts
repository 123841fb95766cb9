import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenLong } from '../test/long';
import { copyWorkspace, nx, type WorkspaceCopy } from './workspace-copy';

jest.setTimeout(600_000);

let copy: WorkspaceCopy;
beforeAll(() => (copy = copyWorkspace()));
afterAll(() => copy?.remove());

const lines = (text: string) => text.trim().split('\n').sort();

whenLong(it)('nx format:check finds in all files what npm test finds', async () => {
  // Part of the workspace is enough, and quicker.
  appendFileSync(join(copy.folder, '.prettierignore'), 'libs/*/src\napps\ndocs\ntools/bench\n');
  const read = [
    'README.md',
    'libs/data/test/fixture.ts',
    'nx.json',
    'tools/setup/setup.mjs',
    'misc/hyperparams_lr.json',
  ];
  const ignored = ['tools/fixtures/losses/losses.json', 'package-lock.json', 'apps/study/src/main.ts'];
  for (const file of [...read, ...ignored]) appendFileSync(join(copy.folder, file), '\n\n\n');
  const { code, text } = await copy.nx(['format:check', '--all']);
  expect([code, lines(text)]).toEqual([1, [...read].sort()]);
  const prettier = [join(copy.folder, 'node_modules/prettier/bin/prettier.cjs'), '--list-different', '.'];
  const { stdout } = spawnSync(process.execPath, prettier, { cwd: copy.folder, encoding: 'utf8' });
  expect(lines(stdout)).toEqual([...read].sort());
});

it('nx sync:check is content with this workspace, and misses a reference that types need', async () => {
  expect(await nx(['sync:check'])).toMatchObject({ code: 0 });
  const file = join(copy.folder, 'apps/study/tsconfig.lib.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...config, references: config.references.slice(1) }));
  const { code, text } = await copy.nx(['sync:check']);
  expect([code, text]).toEqual([1, expect.stringContaining('apps/study/tsconfig.lib.json:')]);
});
