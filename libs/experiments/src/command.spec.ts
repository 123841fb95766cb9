import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const script = join(root, 'libs/experiments/test/stoppable.ts');

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command of test/stoppable.ts, sending it signals once it is ready. */
function run(mode: string, signals: readonly NodeJS.Signals[] = []): Promise<Outcome> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register', script, mode], {
    cwd: root,
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
  });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  let sent = false;
  child.stdout.on('data', (chunk) => {
    outcome.stdout += chunk;
    if (!sent && outcome.stdout.includes('ready')) {
      sent = true;
      signals.forEach((signal, i) => setTimeout(() => child.kill(signal), i * 200));
    }
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
  ] as const)('lets what runs tidy up after %s, and exits with %d', async (signal, code) => {
    const outcome = await run('wait', [signal]);
    expect(outcome).toEqual({ code, stdout: 'ready\ntidied up\n', stderr: `stopped by ${signal}\n` });
  });

  it('exits at once at a second signal', async () => {
    expect(await run('stubborn', ['SIGTERM', 'SIGTERM'])).toMatchObject({ code: 143, stdout: 'ready\n' });
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
