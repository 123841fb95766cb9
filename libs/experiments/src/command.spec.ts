import { spawn } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(60_000);

const root = join(__dirname, '../../..');
const script = join(root, 'libs/experiments/test/stoppable.ts');

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What the command says, and the signals that it is then sent. */
type Plan = Readonly<Record<string, readonly NodeJS.Signals[]>>;

/** Runs the command of test/stoppable.ts, sending it signals at what it says. */
function run(mode: string, plan: Plan = {}): Promise<Outcome> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register', script, mode], {
    cwd: root,
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
  });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    outcome.stdout += chunk;
    if (mode === 'unread') child.stderr.destroy();
    for (const signal of plan[String(chunk).trim()] ?? []) child.kill(signal);
  });
  child.stderr.on('data', (chunk) => (outcome.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}

describe('runCommand', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('lets what runs tidy up after %s, and exits with %d', async (signal, code) => {
    const outcome = await run('wait', { ready: [signal] });
    expect(outcome).toEqual({ code, stdout: 'ready\ntidied up\n', stderr: `stopped by ${signal}\n` });
  });

  it.each(['quiet', 'busy'])(
    'takes the signals of a second for one, in a process that is %s',
    async (mode) => {
      const outcome = await run(mode, { ready: ['SIGINT'], stopping: ['SIGINT', 'SIGTERM', 'SIGHUP'] });
      expect(outcome).toMatchObject({ code: 130, stdout: 'ready\nstopping\ntidied up\n' });
    },
  );

  it('exits at once at a later signal', async () => {
    const outcome = await run('stubborn', { ready: ['SIGINT'], 'a second later': ['SIGTERM'] });
    expect(outcome).toEqual({ code: 143, stdout: 'ready\na second later\n', stderr: '' });
  });

  it('finishes its work when the reader of its words is gone', async () => {
    expect(await run('unread', { ready: ['SIGTERM'] })).toMatchObject({
      code: 143,
      stdout: 'ready\ntidied up\n',
    });
  });

  it('exits with 2 and one line for a mistake of the user', async () => {
    expect(await run('usage')).toEqual({ code: 2, stdout: '', stderr: '--seed takes a number\n' });
  });

  it('exits with 1 and the first line of any other error', async () => {
    expect(await run('fail')).toEqual({ code: 1, stdout: '', stderr: 'the first line\n' });
  });

  it('exits with 1 where nothing is left to wait for', async () => {
    expect(await run('never')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ended before it was done'),
    });
  });

  it('hands over all output before it exits', async () => {
    expect((await run('large')).stdout).toHaveLength(1_000_007);
  });
});
