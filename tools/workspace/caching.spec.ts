import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { whenLong } from '../test/long';
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy';

jest.setTimeout(600_000);

const projects = ['metrics', 'losses', 'models', 'tracking', 'testing'];

let copy: WorkspaceCopy;

/** Writes a file of the copy. */
function write(file: string, text: string): void {
  mkdirSync(join(copy.folder, file, '..'), { recursive: true });
  writeFileSync(join(copy.folder, file), text);
}

/** A folder for PATH whose program says another version than the real one, which does the work. */
function otherVersion(program: string, real: string): string {
  const folder = join(copy.folder, 'tmp', program);
  write(
    `tmp/${program}/${program}`,
    `#!/bin/sh\n[ "$1" = --version ] && echo another || exec ${real} "$@"\n`,
  );
  chmodSync(join(folder, program), 0o755);
  return folder;
}

/**
 * The projects whose tests Nx runs, of all those above, as their results are not in its cache. Jest only lists its specs:
 * Nx decides in the same way.
 */
async function run(environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const words = ['run-many', '-t', 'test', '-p', ...projects, '--listTests'];
  const { code, text } = await copy.nx(words, environment);
  expect([code, text]).toEqual([0, expect.stringContaining('Successfully ran target test')]);
  const done = [...text.matchAll(/nx run (\w+):test --listTests *(\[.*(?:cache|match).*\])?$/gm)];
  expect(done.map(([, name]) => name).sort()).toEqual([...projects].sort());
  return done.flatMap(([, name = '', cached]) => (cached ? [] : [name])).sort();
}

beforeAll(async () => {
  copy = copyWorkspace();
  // What set-up leaves behind, with a set-up that has nothing to do.
  rmSync(join(copy.folder, '.venv'));
  write('tools/setup/setup.mjs', '');
  write('.venv/set-up.txt', 'MLflow');
  expect(await run()).toEqual([...projects].sort());
});
afterAll(() => copy?.remove());

describe('the result of a test is taken from the cache', () => {
  it('when nothing has changed', async () => expect(await run()).toEqual([]));

  it('unless a source or a fixture that it reads has', async () => {
    appendFileSync(join(copy.folder, 'libs/tracking/src/index.ts'), '\n');
    appendFileSync(join(copy.folder, 'tools/fixtures/losses/losses.json'), '\n');
    expect(await run()).toEqual(['losses', 'tracking']);
  });

  it('unless a native file has', async () => {
    appendFileSync(join(copy.folder, 'libs/runtime/native/winograd.cc'), '\n');
    expect(await run()).toEqual(['losses', 'models']);
  });

  it('unless the library of TensorFlow is another', async () => {
    const LABEL_RELAXATION_CACHE = join(copy.folder, 'tmp', 'cache');
    expect(await run({ LABEL_RELAXATION_CACHE })).toEqual(['losses', 'models']);
  });

  whenLong(it)('unless MLflow is another, where it is used', async () => {
    write('.venv/set-up.txt', 'another MLflow');
    expect(await run()).toEqual(['testing', 'tracking']);
  });

  whenLong(it)(
    'unless Redis is another where it is used, or what TensorFlow reads from the environment',
    async () => {
      const PATH = [otherVersion('redis-server', 'false'), process.env['PATH']].join(delimiter);
      expect(await run({ PATH, TF_ENABLE_ONEDNN_OPTS: '0' })).toEqual(['losses', 'models', 'testing']);
    },
  );

  whenLong(it)('unless Node is another', async () => {
    const PATH = [otherVersion('node', process.execPath), process.env['PATH']].join(delimiter);
    expect(await run({ PATH })).toEqual([...projects].sort());
  });
});
