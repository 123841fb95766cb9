import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEnvironment } from './mlflow-environment.cjs';
import { checkoutPaths, root } from './paths.cjs';

describe('in a copy of the tools, as in a fresh clone in a folder with a name of its own', () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), `label-relaxation ü'"$HOME${'-'.repeat(100)}`));
    for (const part of ['tools/setup', 'tools/mlflow', 'libs/runtime/setup', 'libs/runtime/native']) {
      cpSync(join(root, part), join(top, part), { recursive: true });
    }
    for (const folder of [
      'libs/data/dist',
      'apps',
      'node_modules/x',
      '.venv',
      '.mlflow',
      'cache/tensorflow',
      'cache/mnist',
    ]) {
      mkdirSync(join(top, folder), { recursive: true });
    }
    mkdirSync(join(top, 'empty'));
  });
  afterEach(() => rmSync(top, { recursive: true }));

  function node(script: string, ...args: string[]) {
    return spawnSync(process.execPath, [join(top, 'tools', 'setup', script), ...args], {
      encoding: 'utf8',
      env: { PATH: join(top, 'empty'), LABEL_RELAXATION_CACHE: join(top, 'cache') },
    });
  }

  it('set-up on an empty PATH names everything that is missing, on stderr, and changes nothing', () => {
    const before = readdirSync(top).sort();
    const { status, stdout, stderr } = node('setup.mjs');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^set-up: npm is missing: install it with /),
      expect.stringMatching(/^set-up: python3 is missing .+: install it with /),
      expect.stringMatching(/^set-up: g\+\+ is missing: install it with /),
      expect.stringMatching(/^set-up: make is missing: install it with /),
    ]);
    expect(
      readdirSync(top)
        .filter((name) => name !== 'tmp')
        .sort(),
    ).toEqual(before);
    expect(readdirSync(join(top, 'tmp'))).toEqual([]);
  });

  it('clean removes what set-up made, and keeps runs and data sets', () => {
    expect(node('clean.mjs').status).toBe(0);
    expect(readdirSync(top).sort()).toEqual(['.mlflow', 'apps', 'cache', 'empty', 'libs', 'tools']);
    expect(readdirSync(join(top, 'cache'))).toEqual(['mnist']);
    expect(readdirSync(join(top, 'libs', 'data'))).toEqual([]);
  });

  it('clean --all removes those too, and refuses any other flag', () => {
    expect(node('clean.mjs', '--al')).toMatchObject({ status: 2, stderr: expect.stringContaining('"--al"') });
    expect(node('clean.mjs', '--all').status).toBe(0);
    expect(readdirSync(top).sort()).toEqual(['apps', 'empty', 'libs', 'tools']);
  });

  it("leaves a virtual environment alone that is somebody else's", async () => {
    writeFileSync(join(top, '.venv', 'pyvenv.cfg'), '');
    await expect(makeEnvironment(checkoutPaths(top), 'python3')).rejects.toThrow(/was not made by set-up/);
    expect(existsSync(join(top, '.venv', 'pyvenv.cfg'))).toBe(true);
  });

  it('leaves no half-made environment when Python fails', async () => {
    await expect(makeEnvironment(checkoutPaths(top), '/nonexistent/python')).rejects.toThrow(
      /could not make a virtual/,
    );
    expect(existsSync(join(top, '.venv'))).toBe(false);
  });
});

describe('in this checkout', () => {
  it('set-up is quick and silent when nothing is missing', () => {
    const start = Date.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/setup/setup.mjs')], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(Date.now() - start).toBeLessThan(5_000);
  });
});
