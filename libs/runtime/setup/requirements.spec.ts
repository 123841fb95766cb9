import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePython, findNpm, installCommand, missingCompilers, which } from './requirements.cjs';

describe('what set-up needs of the machine', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'label-relaxation-path-'));
    environment = { PATH: folder };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = (name: string, words = '', status = 0) => {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${words}\nexit ${status}\n`);
    chmodSync(join(folder, name), 0o755);
  };

  it('finds nothing on an empty PATH, and says how to install it', () => {
    expect(which('sh', environment)).toBeNull();
    expect(findNpm(environment)).toBeNull();
    expect(choosePython(environment)).toEqual({
      missing: expect.stringMatching(
        /^python3 is missing \(3\.10 or later, with pip and venv\): install it with .+python3/,
      ),
    });
    expect(missingCompilers(environment)).toEqual([
      expect.stringMatching(/^g\+\+ is missing: install it with .+/),
      expect.stringMatching(/^make is missing: install it with .+/),
    ]);
  });

  it.each([
    ['apt-get', 'sudo apt-get install -y g++'],
    ['dnf', 'sudo dnf install -y gcc-c++'],
  ])('knows the command of a system with %s', (manager, command) => {
    program(manager);
    if (process.platform === 'linux') expect(installCommand('g++', environment)).toBe(command);
  });

  it('ignores a file that cannot be run', () => {
    writeFileSync(join(folder, 'make'), '');
    expect(which('make', environment)).toBeNull();
    program('g++');
    expect(missingCompilers(environment)).toHaveLength(1);
  });

  it('takes a newer Python by its own name where python3 is too old or broken', () => {
    program('python3', '3 9 2 True');
    expect(choosePython(environment)).toEqual({
      missing: expect.stringMatching(/^Python 3\.9\.2 \(.+\) is too old/),
    });
    program('python3.12', 'command not found', 127);
    program('python3.11', '3 11 4 True');
    expect(choosePython(environment)).toEqual({
      python: { file: join(folder, 'python3.11'), version: '3.11.4', supported: true, venv: true },
    });
  });

  it('asks for the venv module where only that is missing', () => {
    program('apt-get');
    program('python3', '3 12 1 False');
    expect(choosePython(environment)).toEqual({
      missing: expect.stringMatching(
        /venv and pip modules are missing .+: install them with sudo apt-get install -y python3-venv$/,
      ),
    });
  });

  it('believes CXX', () => {
    program('make');
    program('clang++');
    expect(missingCompilers({ ...environment, CXX: 'clang++ -O2' })).toEqual([]);
    expect(missingCompilers({ ...environment, CXX: join(folder, 'clang++') })).toEqual([]);
    expect(missingCompilers({ ...environment, CXX: join(folder, 'none') })).toHaveLength(1);
  });
});
