import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDriver } from './device.cjs';
import { places } from './places.cjs';

function command(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const words = [join(__dirname, 'cli.cjs'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

describe('the command of the package', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'label-relaxation-setup-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is quick where all is set up, and says where', () => {
    const { shared } = places();
    const done = { status: 0, stdout: `TensorFlow 2.21.0 is set up in ${shared}\n`, stderr: '' };
    expect(command(['setup'])).toEqual(done);
  });

  it('names everything that is missing, a GPU too, and leaves nothing behind', () => {
    mkdirSync(join(folder, 'empty'));
    const cache = join(folder, 'cache');
    const { status, stdout, stderr } = command(['setup'], {
      PATH: join(folder, 'empty'),
      LABEL_RELAXATION_CACHE: cache,
      LABEL_RELAXATION_DEVICE: 'gpu',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      ...(hasDriver() ? [] : [expect.stringMatching(/^There is no NVIDIA driver here: .* is taken/)]),
      expect.stringMatching(/^setup: python3 is missing .+: install it with /),
      expect.stringMatching(/^setup: g\+\+ is missing: install it with /),
      expect.stringMatching(/^setup: make is missing: install it with /),
    ]);
    expect(readdirSync(join(cache, 'tensorflow'))).toEqual([]);
  });

  it.each([
    [[], 'no command is given'],
    [['set-up'], '"set-up" is no command'],
    [['setup', '--force'], '"--force" is no command'],
  ])('refuses %j', (args, words) => {
    const wrong = { status: 2, stdout: '', stderr: `${words}: npx @label-relaxation/runtime setup\n` };
    expect(command(args)).toEqual(wrong);
  });

  it('has a help', () => {
    expect(command(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^npx @label-relaxation\/runtime setup\n[\s\S]*LABEL_RELAXATION_CACHE/),
    });
  });
});
