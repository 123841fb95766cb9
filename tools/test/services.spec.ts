import { existsSync } from 'node:fs';
import { startMlflowServer, startRedisServer, redisPath } from './services';
import { processIdentity } from '../../libs/runtime/setup/process/identity.cjs';
import { spawn } from 'node:child_process';

const answers = async (uri: string) => (await fetch(`${uri}/health`).catch(() => null))?.status === 200;

describe('startMlflowServer', () => {
  it('comes back after a crash with what it had stored, and leaves nothing when stopped', async () => {
    const server = await startMlflowServer();
    const call = (path: string, body: object) =>
      fetch(`${server.uri}/api/2.0/mlflow/experiments/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await call('create', { name: 'kept' })).status).toBe(200);
    await server.kill();
    expect(await answers(server.uri)).toBe(false);
    await server.restart();
    expect(await answers(server.uri)).toBe(true);
    expect((await call('create', { name: 'kept' })).status).toBe(400);
    await server.stop();
    expect(await answers(server.uri)).toBe(false);
    expect(existsSync(server.directory)).toBe(false);
  }, 180_000);

  it('gives every spec the same server when shared', async () => {
    const [one, two] = await Promise.all([
      startMlflowServer({ shared: true }),
      startMlflowServer({ shared: true }),
    ]);
    expect(await answers(one.uri)).toBe(true);
    if (process.env.LABEL_RELAXATION_SHARED_MLFLOW) {
      expect(two.uri).toBe(one.uri);
      await expect(one.kill()).rejects.toThrow('must not be ended');
    }
    await Promise.all([one.stop(), two.stop()]);
  }, 180_000);

  it('names the reason when the server cannot start', async () => {
    await expect(startMlflowServer({ args: ['--no-such-flag'] })).rejects.toThrow(
      /did not start[\s\S]*no-such-flag/,
    );
  }, 60_000);
});

describe('a guarded program', () => {
  it('ends when the process that started it is killed', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const guard = spawn(process.execPath, [${JSON.stringify(require.resolve('./guard.cjs'))}, '/nonexistent', 'sleep', '600'],
        { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
      console.log(guard.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
    expect(processIdentity(pid)).not.toBeNull();
    parent.kill('SIGKILL');
    for (let i = 0; i < 100 && processIdentity(pid) !== null; i++)
      await new Promise((done) => setTimeout(done, 50));
    expect(processIdentity(pid)).toBeNull();
  }, 30_000);
});

(redisPath() === null ? describe.skip : describe)('startRedisServer', () => {
  it('answers at its port until it is stopped', async () => {
    const server = await startRedisServer();
    await server.kill();
    await server.restart();
    expect(server.log()).toContain('Ready to accept connections');
    await server.stop();
    await expect(startRedisServer({ args: ['--no-such-flag', '1'] })).rejects.toThrow('did not start');
  }, 60_000);
});
