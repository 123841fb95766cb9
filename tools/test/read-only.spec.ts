import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../libs/runtime/setup/places.cjs';
import { root } from '../setup/paths.cjs';
import { whenLong } from './long';
import { whenMounts, withMounts } from './mounts';
import { writeSmallSet } from './small-set';

jest.setTimeout(300_000);

/** Mounts the folders before the word "--" read-only, and runs the program after it. */
const script = `
  while [ "$1" != -- ]; do mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; done
  shift
  exec "$@"`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'label-relaxation-read-only-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs Node in a folder, to which folders are read-only. */
function node(
  readOnly: readonly string[],
  words: readonly string[],
  cwd = folder,
  more: NodeJS.ProcessEnv = {},
) {
  const [file, args] = withMounts(script, [...readOnly, '--', process.execPath, ...words]);
  const env = { ...process.env, NO_COLOR: '1', ...more };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const setUp = join(root, 'tools/setup/setup.mjs');
const home = () => {
  mkdirSync(join(folder, 'home'));
  return join(folder, 'home');
};

whenMounts(it)(
  'set-up has nothing to do in a checkout, a home and a cache that are read-only, and says nothing',
  () => {
    const HOME = home();
    const own = { HOME, LABEL_RELAXATION_CACHE: cacheFolder() };
    expect(node([root, HOME, cacheFolder()], [setUp], root, own)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  },
);

whenMounts(it)('set-up says in one line that it cannot write what is missing', () => {
  const cache = join(folder, 'cache');
  const checkout = join(folder, 'checkout');
  for (const place of [cache, checkout]) mkdirSync(place);
  for (const part of [
    'tools/setup',
    'tools/mlflow',
    'libs/runtime/setup',
    'libs/runtime/native',
    'package-lock.json',
  ])
    execFileSync('cp', ['-r', '--parents', part, checkout], { cwd: root });
  expect(node([cache], [setUp], root, { LABEL_RELAXATION_CACHE: cache })).toEqual({
    ...{ status: 1, stdout: '' },
    stderr: `set-up: ${cache}/tensorflow cannot be written (read-only file system): set LABEL_RELAXATION_CACHE to another folder\n`,
  });
  expect(node([checkout], [join(checkout, 'tools/setup/setup.mjs')])).toEqual({
    ...{ status: 1, stdout: '' },
    stderr: `set-up: ${checkout} cannot be written (read-only file system): make it so, or take a checkout in another folder\n`,
  });
  expect(node([checkout], [join(checkout, 'tools/setup/clean.mjs')])).toEqual({
    ...{ status: 1, stdout: '' },
    stderr: `clean: ${checkout} cannot be written (read-only file system): nothing is removed\n`,
  });
  expect(node([checkout], [join(checkout, 'tools/mlflow/mlflow.mjs'), 'start'])).toEqual({
    ...{ status: 1, stdout: '' },
    stderr: `mlflow: ${checkout}/.mlflow cannot be written (read-only file system): name another server by MLFLOW_TRACKING_URI, or train with --offline\n`,
  });
});

describe('the apps of a read-only checkout', () => {
  const app = (name: string, ...flags: string[]) => [
    ...['-C', '@label-relaxation/source', '-r', join(root, 'tools/setup/app.cjs')],
    ...[join(root, 'apps', name, 'src/main.ts'), ...flags],
  ];
  const run = () => {
    writeSmallSet(join(folder, 'data'));
    const flags = [
      '--model_name',
      'simple_dense',
      '--dataset_name',
      'mnist',
      '--data_dir',
      join(folder, 'data'),
    ];
    return app(
      'study',
      ...flags,
      '--alpha',
      '0.1',
      '--epochs',
      '1',
      '--precision',
      'auto',
      '--offline',
      '--json',
    );
  };
  const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

  whenMounts(whenLong(it))('train in a folder that can be written, with nothing of theirs but that', () => {
    const HOME = home();
    const own = { HOME, LABEL_RELAXATION_CACHE: cacheFolder() };
    const { status, stdout, stderr } = node([root, HOME, cacheFolder()], run(), folder, own);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(lastLine(stdout)!)).toMatchObject({ epochs: 1 });
    expect(readdirSync(folder).sort()).toEqual(['.checkpoints', '.mlflow', 'data', 'home']);
  });

  whenMounts(whenLong(it))('say in one line that there is no place for a journal, or for checkpoints', () => {
    const words = run();
    const place = join(folder, 'place');
    mkdirSync(place);
    const inPlace = node([place], words, place);
    expect({ status: inPlace.status, last: lastLine(inPlace.stderr) }).toEqual({
      status: 1,
      last: expect.stringMatching(
        /^The journal .* cannot be written: EROFS: .* \(set MLFLOW_JOURNAL_DIR to another folder\)$/u,
      ),
    });
    const elsewhere = node([place], words, place, { MLFLOW_JOURNAL_DIR: join(folder, 'journal') });
    expect({ status: elsewhere.status, last: lastLine(elsewhere.stderr) }).toEqual({
      status: 1,
      last: expect.stringMatching(/^The folder .*\/\.checkpoints\/\w+ for checkpoints cannot be written: /u),
    });
  });
});
